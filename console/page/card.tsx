// One profile: who it is, its photo beside its thumbnail, and the place where a new photo is dropped.

import { useState } from "preact/hooks";
import type { Profile } from "../types";
import { messageOf } from "./api";
import { fileName } from "./format";
import { uploadPhoto } from "./upload";

/** Of files that were dropped together. */
const NAMES_SHOWN = 3;

interface CardProps {
  readonly profile: Profile;
  readonly announce: (text: string) => void;
  readonly onUpload: () => void;
}

export function Card({ profile, announce, onUpload }: CardProps) {
  const { id, name, nick, image, imageVersion, thumbnailVersion } = profile;
  const [isOver, setOver] = useState(false);
  const [share, setShare] = useState<number>();
  const [problem, setProblem] = useState("");

  /** Which of several is meant nobody knows, and a later one would win over the others. */
  function take(files: readonly File[]): void {
    const [file] = files;
    if (file === undefined) setProblem("That is no file.");
    else if (files.length === 1) void upload(file);
    else {
      const names = files.length <= NAMES_SHOWN ? files.map((each) => each.name).join(" or ") : "one of them";
      setProblem(`A profile has one photo: drop ${names}, not ${files.length} files.`);
    }
  }

  async function upload(file: File): Promise<void> {
    setProblem("");
    setShare(0);
    onUpload();
    announce(`Uploading ${file.name} for ${name}`);
    try {
      await uploadPhoto(id, file, setShare);
    } catch (error) {
      setProblem(messageOf(error));
    }
    setShare(undefined);
  }

  return (
    <li
      class={`card${isOver ? " over" : ""}`}
      data-profile={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <div class="pictures">
        <Picture
          address={image && `/pictures/${id}/original?v=${encodeURIComponent(imageVersion ?? "")}`}
          of={name}
          kind="original"
        />
        <Picture
          address={thumbnailVersion && `/pictures/${id}/thumbnail?v=${encodeURIComponent(thumbnailVersion)}`}
          of={name}
          kind="thumbnail"
        />
      </div>
      <div class="who">
        <span class="number">{id}</span>
        <h3>{nick || name}</h3>
        <p>{nick === "" ? "" : name}</p>
      </div>
      <p class="file" title={image}>
        {image === undefined ? "no photo yet" : fileName(image)}
      </p>
      <label class="choose">
        <input
          type="file"
          accept="image/*"
          aria-label={`Choose a photo for ${name}`}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void upload(file);
            currentTarget.value = ""; // The same photo can be chosen again.
          }}
        />
        <span aria-hidden="true">{isOver ? "Drop it" : "Drop or choose"}</span>
      </label>
      {share !== undefined && <progress value={share} aria-label={`Upload for ${name}`} />}
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

function Picture({ address, of, kind }: { address: string | undefined; of: string; kind: string }) {
  const [broken, setBroken] = useState<string>();
  const isThere = address !== undefined && address !== broken;
  return (
    <figure class={kind}>
      {isThere ? (
        <img
          src={address}
          alt={`${kind} of ${of}`}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(address)}
        />
      ) : (
        <span class="nothing" />
      )}
      <figcaption>{kind}</figcaption>
    </figure>
  );
}
