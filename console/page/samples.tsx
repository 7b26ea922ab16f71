// Our own photos as chips: dragged on any profile, or sent to the one that each is of.

import { useState } from "preact/hooks";
import type { Sample } from "../types";
import { messageOf } from "./api";
import { uploadPhoto } from "./upload";

/** What is dragged is the name of a sample, and no file of this machine. */
const SAMPLE = "application/x-profile-image-sample";

interface SamplesProps {
  readonly samples: readonly Sample[];
  readonly announce: (text: string) => void;
  readonly onUpload: () => void;
}

export function Samples({ samples, announce, onUpload }: SamplesProps) {
  const [problem, setProblem] = useState("");

  async function send(some: readonly Sample[]): Promise<void> {
    setProblem("");
    onUpload();
    announce(`Sending ${some.map(({ name }) => name).join(", ")}`);
    const sent = some.map(async ({ name, profileId }) => uploadPhoto(profileId, await fetchSample(name), () => {}));
    await Promise.all(sent).catch((error: unknown) => setProblem(messageOf(error)));
  }

  return (
    <div class="samples">
      {samples.map((sample) => (
        <button
          key={sample.name}
          type="button"
          class="chip"
          draggable
          title={`Drag it on a profile, or send it to profile ${sample.profileId}`}
          onDragStart={({ dataTransfer }) => dataTransfer?.setData(SAMPLE, sample.name)}
          onClick={() => void send([sample])}
        >
          {sample.name}
        </button>
      ))}
      <button type="button" class="chip all" onClick={() => void send(samples)}>
        Send all five
      </button>
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** The sample that is dropped; undefined for anything else. */
export const sampleIn = (transfer: DataTransfer | null): string | undefined => transfer?.getData(SAMPLE) || undefined;

/** Fetches a sample as the file that a visitor would have chosen. */
export async function fetchSample(name: string): Promise<File> {
  const response = await fetch(`/samples/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(`The server does not give ${name}`);
  return new File([await response.blob()], name, { type: "image/jpeg" });
}
