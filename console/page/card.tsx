// One profile: who it is, its photo beside its thumbnail, how far the photo is, and the place where a new one is dropped.
// Whatever is said in it, it keeps its size.

import { useState } from "preact/hooks";
import type { Profile } from "../types";
import { messageOf } from "./api";
import { wordsOf } from "./card-words";
import { fileName } from "./format";
import { FramedPicture } from "./picture";
import { fetchSample, sampleIn } from "./samples";
import { uploadPhoto } from "./upload";

/** Of files that were dropped together. */
const NAMES_SHOWN = 3;

interface CardProps {
  readonly profile: Profile;
  /** Of its photo's failure, where it is known. */
  readonly code: string | undefined;
  readonly announce: (text: string) => void;
  readonly onUpload: () => void;
  /** Shows the timeline of a photo. */
  readonly onShow: (photoId: string) => void;
}

/** An upload of this page: how much of it is sent, and which photo the profile had before. */
interface Upload {
  readonly share: number;
  readonly before: string | undefined;
}

export function Card({ profile, code, announce, onUpload, onShow }: CardProps) {
  const { id, name, nick, image, imageVersion, thumbnailVersion, thumbnail, moreThumbnails, photo } = profile;
  const [isOver, setOver] = useState(false);
  const [upload, setUpload] = useState<Upload>();
  const [problem, setProblem] = useState("");
  // What is known of a photo is of this picture only while the profile has it.
  const original = photo?.key === image ? photo?.original : undefined;
  const address = (kind: string, version: string) =>
    `/pictures/${kind}?profile=${encodeURIComponent(id)}&v=${encodeURIComponent(version)}`;
  const isSending = upload !== undefined && upload.before === photo?.id;

  /** Which of several is meant nobody knows, and a later one would win over the others. */
  function take(files: readonly File[]): void {
    const [file] = files;
    if (file === undefined) setProblem("That is not a file.");
    else if (files.length === 1) void send(file);
    else {
      const names = files.length <= NAMES_SHOWN ? files.map((each) => each.name).join(" or ") : "one of them";
      setProblem(`A profile has one photo: drop ${names}, not ${files.length} files.`);
    }
  }

  async function send(file: File | Promise<File>): Promise<void> {
    setProblem("");
    const before = photo?.id;
    setUpload({ share: 0, before });
    onUpload();
    try {
      const { name: its } = await file;
      announce(`Uploading ${its} for ${name}`);
      await uploadPhoto(id, await file, (share) => setUpload({ share, before }));
      setUpload({ share: 1, before });
    } catch (error) {
      setUpload(undefined);
      setProblem(messageOf(error));
    }
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
        const sample = sampleIn(event.dataTransfer);
        if (sample !== undefined) void send(fetchSample(sample));
        else take([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <div class="pictures">
        <FramedPicture
          address={image && address("original", imageVersion ?? "")}
          of={name}
          kind="original"
          size={original}
        />
        <FramedPicture
          address={thumbnailVersion && address("thumbnail", thumbnailVersion)}
          of={name}
          kind="thumbnail"
          size={thumbnail}
          more={moreThumbnails}
        />
        {photo !== undefined && (
          <button
            type="button"
            class="show"
            title={`Show what happened to ${fileName(photo.key)}`}
            aria-label={`Show what happened to ${fileName(photo.key)} of ${name}`}
            onClick={() => onShow(photo.id)}
          />
        )}
        {problem !== "" && (
          <p class="problem" role="alert">
            {problem}
            <button type="button" class="dismiss" aria-label="Dismiss" onClick={() => setProblem("")} />
          </p>
        )}
      </div>
      <div class="who">
        <span class="number" title={id}>
          {id}
        </span>
        <h3>{nick || name}</h3>
        <p>{nick === "" ? "" : name}</p>
      </div>
      <p class="file" title={image}>
        {image === undefined ? "no photo yet" : fileName(image)}
      </p>
      <p class={`progress ${isSending ? "running" : (photo?.state ?? "")}`}>
        {isSending ? sendingWords(upload.share) : photo && wordsOf(photo, code)}
        {isSending && <progress value={upload.share} aria-label={`Upload for ${name}`} />}
      </p>
      <label class="choose">
        <input
          type="file"
          accept="image/*"
          aria-label={`Choose a photo for ${name}`}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void send(file);
            currentTarget.value = ""; // The same photo can be chosen again.
          }}
        />
        <span aria-hidden="true">{isOver ? "Drop it" : "Drop or choose"}</span>
      </label>
    </li>
  );
}

const sendingWords = (share: number): string => (share < 1 ? `uploading ${Math.round(share * 100)} %` : "uploaded");
