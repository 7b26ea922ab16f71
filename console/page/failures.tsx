// What the pipeline could not do, with the reason, and a button to try it again.

import { useEffect, useState } from "preact/hooks";
import type { Failure, Page } from "../types";
import { get, messageOf } from "./api";
import { count, fileName } from "./format";
import { Pager } from "./pager";
import { Redrive } from "./redrive";

const SIZE = 10;

export function Failures({ page: newest, announce }: { page: Page<Failure>; announce: (text: string) => void }) {
  const [offset, setOffset] = useState(0);
  const [older, setOlder] = useState(newest);
  const [problem, setProblem] = useState("");
  const page = offset === 0 ? newest : older;

  useEffect(() => {
    setProblem("");
    if (offset === 0) return;
    get<Page<Failure>>(`/api/failures?offset=${offset}&limit=${SIZE}`).then(setOlder, (error) =>
      setProblem(messageOf(error)),
    );
  }, [offset, newest]);

  return (
    <section aria-labelledby="failures">
      <div class="heading">
        <h2 id="failures">Failures</h2>
        {newest.total > 0 && <span class="state failed">{count(newest.total, "record")}</span>}
      </div>
      {newest.total === 0 && <p class="empty">None. What cannot be done is kept here, with the reason.</p>}
      <ul class="failures">
        {page.items.map((failure) => (
          <li key={failure.record} data-record={failure.record}>
            <p>
              <b>{failure.code}</b> {failure.message}
            </p>
            <p class="facts">
              <span>{failure.functionName}</span>
              {failure.events.map(({ key, profileId }) => (
                <span key={`${key} ${profileId}`}>
                  {profileId !== undefined && `profile ${profileId} `}
                  {key}
                </span>
              ))}
              <span>{new Date(failure.when).toLocaleString()}</span>
            </p>
            <Redrive
              record={failure.record}
              of={failure.events.map(({ key = "" }) => fileName(key)).join(", ")}
              announce={announce}
            />
          </li>
        ))}
      </ul>
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <Pager page={page} size={SIZE} label="Pages of failures" onTurn={setOffset} />
    </section>
  );
}
