// An opened node: what is in it, what it printed, what it may do, and the Terraform that makes it.

import { useEffect, useState } from "preact/hooks";
import type { NodeDetails as Details, Diagram, DiagramNode, NodeWork } from "../types";
import { get, messageOf } from "./api";
import { count, duration, fileName } from "./format";
import { readableLine } from "./log-line";

/** A node that is busy is asked so often at most. */
const GATHER_MS = 200;

interface NodeDetailsProps {
  readonly node: DiagramNode;
  readonly diagram: Diagram;
  readonly work: NodeWork | undefined;
  readonly onClose: () => void;
  readonly onPick: (photo: string) => void;
}

export function NodeDetails({ node, diagram, work, onClose, onPick }: NodeDetailsProps) {
  const { id, kind, name, address } = node;
  const [details, setDetails] = useState<Details>();
  const [problem, setProblem] = useState("");

  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(
      () =>
        get<Details>(`/api/nodes/${encodeURIComponent(id)}`).then(
          (read) => isCurrent && setDetails(read),
          (error) => isCurrent && setProblem(messageOf(error)),
        ),
      details === undefined ? 0 : GATHER_MS,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [id, work?.count, work?.here, work?.failing]);

  return (
    <section class="opened" id="opened-node" aria-labelledby="opened-name">
      <div class="heading">
        <h3 id="opened-name">
          {name} <span class="remark">{kind}</span>
        </h3>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {details !== undefined && (
        <div class="facets">
          <div>
            <h4>In it now</h4>
            {details.waiting.total === 0 ? (
              <p class="empty">No photo.</p>
            ) : (
              <ul>
                {details.waiting.items.map((photo) => (
                  <li key={photo.id}>
                    <button type="button" class="link" onClick={() => onPick(photo.id)}>
                      {fileName(photo.key)}
                    </button>{" "}
                    <span class="remark">{duration(photo.ms)} on its way</span>
                  </li>
                ))}
              </ul>
            )}
            {details.waiting.total > details.waiting.items.length && (
              <p class="empty">and {count(details.waiting.total - details.waiting.items.length, "more", "more")}</p>
            )}
            {details.events !== undefined && <Events events={details.events as readonly BusEvent[]} />}
            {kind === "function" && (
              <>
                <h4>Last log lines, the newest first</h4>
                {details.log.length === 0 ? (
                  <p class="empty">None yet.</p>
                ) : (
                  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
                  <pre tabIndex={0}>{details.log.map(readableLine).toReversed().join("\n")}</pre>
                )}
              </>
            )}
          </div>
          <div>
            <h4>Policy</h4>
            {details.policies.map(({ name: title, document }) => (
              <Json key={title} title={title} value={document} isOpen={true} />
            ))}
            <Grants id={id} diagram={diagram} isAlone={details.policies.length === 0} />
          </div>
          <div>
            <h4>Terraform</h4>
            {details.terraform.map(({ address: title, body }) => (
              <Json key={title} title={title} value={body} isOpen={title === address} />
            ))}
          </div>
        </div>
      )}
    </section>
  );
}

/** What of an event is said before it is opened. */
interface BusEvent {
  readonly id: string;
  readonly "detail-type": string;
  readonly detail: { readonly profileId?: string };
}

function Events({ events }: { events: readonly BusEvent[] }) {
  return (
    <>
      <h4>Last events, the newest first</h4>
      {events.length === 0 && <p class="empty">None yet.</p>}
      {events.map((event) => (
        <Json
          key={event.id}
          title={`${event["detail-type"]}, profile ${event.detail.profileId ?? "unknown"}`}
          value={event}
          isOpen={false}
        />
      ))}
    </>
  );
}

function Json({ title, value, isOpen }: { title: string; value: unknown; isOpen: boolean }) {
  return (
    <details open={isOpen}>
      <summary>
        <code>{title}</code>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <pre tabIndex={0}>{JSON.stringify(value, undefined, 2)}</pre>
    </details>
  );
}

/** What the roles may do with it, for what has no policy of its own. */
function Grants({ id, diagram, isAlone }: { id: string; diagram: Diagram; isAlone: boolean }) {
  const grants = diagram.edges.filter(({ kind, to }) => kind === "grant" && to === id);
  const nameOf = (role: string) => diagram.nodes.find((node) => node.id === role)?.name;
  if (grants.length === 0) return isAlone ? <p class="empty">It has none.</p> : null;
  return (
    <ul>
      {grants.map(({ from, label }) => (
        <li key={from}>
          {nameOf(from)} may <code>{label}</code>
        </li>
      ))}
    </ul>
  );
}
