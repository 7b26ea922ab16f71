// What the pipeline could not do: what happened in plain words, why, and what one can do about it.

import { useEffect, useState } from "preact/hooks";
import type { Failure, Page } from "../types";
import { AllActions } from "./all-actions";
import { get, messageOf } from "./api";
import { timeOfDay } from "./format";
import { ObjectKey } from "./object-key";
import { Pager } from "./pager";
import { RecordActions } from "./record-actions";

const SIZE = 10;

interface FailuresProps {
  readonly page: Page<Failure>;
  readonly announce: (text: string) => void;
}

export function Failures({ page: newest, announce }: FailuresProps) {
  const [offset, setOffset] = useState(0);
  const [older, setOlder] = useState(newest);
  const [problem, setProblem] = useState("");
  const page = offset === 0 ? newest : older;

  useEffect(() => {
    setProblem("");
    // What was discarded may have been all of the last page.
    if (offset > 0 && offset >= newest.total) return setOffset(0);
    if (offset === 0) return;
    get<Page<Failure>>(`/api/failures?offset=${offset}&limit=${SIZE}`).then(setOlder, (error) =>
      setProblem(messageOf(error)),
    );
  }, [offset, newest]);

  return (
    <section aria-labelledby="failures">
      <div class="heading">
        <h2 id="failures">Failures</h2>
        <AllActions total={newest.total} announce={announce} />
      </div>
      {newest.total === 0 && <p class="empty">None. What could not be processed is kept here, with the reason.</p>}
      <ul class="failures">
        {page.items.map((failure) => (
          <Item key={failure.record} failure={failure} announce={announce} />
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

function Item({ failure, announce }: { failure: Failure; announce: (text: string) => void }) {
  const { record, sentence, code, message, functionName, events, when } = failure;
  return (
    <li data-record={record}>
      <p class="sentence">
        <span>{sentence}</span> <time dateTime={when}>{timeOfDay(Date.parse(when))}</time>
      </p>
      {events.map(({ key, profileId }) => (
        <p class="facts" key={`${key} ${profileId}`}>
          {key !== undefined && <ObjectKey of={key} />}
          {profileId !== undefined && <span>profile {profileId}</span>}
        </p>
      ))}
      <p class="why">
        {functionName !== "" && `${functionName}: `}
        <b>{code}</b> {message}
      </p>
      <RecordActions failure={failure} announce={announce} />
    </li>
  );
}
