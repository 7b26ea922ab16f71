// The latest photos, to pick the one whose timeline is shown, and the switch that lets the page follow the newest.

import { useEffect, useState } from "preact/hooks";
import type { Page, Photo } from "../types";
import { get, messageOf } from "./api";
import { duration, fileName, timeOfDay } from "./format";
import { useKey } from "./keys";
import { Pager } from "./pager";
import { STATE_WORDS } from "./timeline";

const SIZE = 8;

interface PhotosProps {
  readonly page: Page<Photo>;
  readonly shown: string | undefined;
  readonly isFollowing: boolean;
  readonly onPick: (id: string | undefined) => void;
}

export function Photos({ page: newest, shown, isFollowing, onPick }: PhotosProps) {
  const [offset, setOffset] = useState(0);
  const [older, setOlder] = useState(newest);
  const [problem, setProblem] = useState("");
  const page = offset === 0 ? newest : older;

  useEffect(() => {
    setProblem("");
    if (offset === 0) return;
    get<Page<Photo>>(`/api/photos?offset=${offset}&limit=${SIZE}`).then(setOlder, (error) =>
      setProblem(messageOf(error)),
    );
  }, [offset]);

  function step(by: 1 | -1): void {
    const index = page.items.findIndex(({ id }) => id === shown);
    const next = page.items[index === -1 ? 0 : index + by];
    if (next !== undefined) onPick(next.id);
  }
  const toggle = () => onPick(isFollowing ? shown : undefined);
  useKey("j", () => step(1));
  useKey("k", () => step(-1));
  useKey("l", toggle);

  if (newest.total === 0) return null;
  return (
    <section aria-labelledby="photos">
      <div class="heading">
        <h2 id="photos">Photos</h2>
        <p class="follow">
          <span id="follows">{isFollowing ? "follows the newest photo" : "stays at the photo shown"}</span>
          <button type="button" role="switch" aria-checked={isFollowing} aria-describedby="follows" onClick={toggle}>
            <span class="track" />
            Live
          </button>
        </p>
      </div>
      <ul class="photos">
        {page.items.map(({ id, key, state, ms, at }) => (
          <li key={id}>
            <button type="button" aria-current={id === shown} title={key} onClick={() => onPick(id)}>
              <span class={`state ${state}`}>{STATE_WORDS[state]}</span>
              <span class="name">{fileName(key)}</span>
              <span class="ms">{duration(ms)}</span>
              <span class="at">{timeOfDay(at)}</span>
            </button>
          </li>
        ))}
      </ul>
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <Pager page={page} size={SIZE} label="Pages of photos" onTurn={setOffset} />
    </section>
  );
}
