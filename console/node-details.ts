// What a node of the diagram shows when it is opened: its Terraform as it was synthesized, its policy, the last lines that
// it logged, and the photos that are in it.

import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { referencesOf } from "../local/template/expressions";
import type { Block, Stack } from "../local/template/read-stack";
import type { Journal } from "./journal";
import { Refusal } from "./refusal";
import type { Travel } from "./travel";
import type { Diagram, DiagramNode, NodeDetails, TerraformBlock } from "./types";

const LINES_SHOWN = 20;
const PHOTOS_SHOWN = 10;
const EVENTS_SHOWN = 20;
/** A function's instances write one stream each; the newest lines are in the newest of them. */
const STREAMS_READ = 3;
const POLICIES = ["aws_iam_role_policy", "aws_s3_bucket_policy"];

export interface NodeDetailsOptions {
  readonly stack: Stack;
  readonly diagram: Diagram;
  readonly logs: CloudWatchLogsClient;
  readonly journal: Journal;
  readonly travel: Travel;
  /** What the event bus took, the newest last. */
  readonly recentEvents: () => readonly unknown[];
}

/** Makes the reader of details by a node's id. */
export function createNodeDetails({
  stack: { blocks },
  diagram,
  logs,
  journal,
  travel,
  recentEvents,
}: NodeDetailsOptions) {
  const nodeBlocks = new Set(diagram.nodes.map(({ address }) => address));
  const refersTo = ({ body }: Block, address: string, attribute?: string) =>
    referencesOf(body).some(
      (reference) => reference.address === address && (attribute ?? reference.attribute) === reference.attribute,
    );

  /** The node's own block first, then what belongs to it and is not a node itself. */
  function terraformOf({ kind, address }: DiagramNode): readonly TerraformBlock[] {
    if (kind === "service") return blocks.filter(({ type }) => type === "aws_ssm_parameter").map(written);
    const attribute = kind === "stream" ? "stream_arn" : undefined;
    const parts = blocks.filter(
      (block) =>
        !nodeBlocks.has(block.address) && !POLICIES.includes(block.type) && refersTo(block, address, attribute),
    );
    return [...blocks.filter((block) => block.address === address), ...parts].map(written);
  }

  /** A function's are those of its role, a bucket's its own. */
  function policiesOf({ id, address }: DiagramNode): NodeDetails["policies"] {
    const role = diagram.edges.find(({ kind, from }) => kind === "role" && from === id)?.to;
    const owners = [address, role].filter((owner) => owner !== undefined);
    return blocks
      .filter(({ type, body }) => {
        const owner = { body: { owner: body.role ?? body.bucket } } as unknown as Block;
        return POLICIES.includes(type) && owners.some((each) => refersTo(owner, each));
      })
      .map(({ address: name, body }) => ({ name, document: JSON.parse(String(body.policy)) }));
  }

  async function logOf({ kind, name }: DiagramNode): Promise<readonly string[]> {
    if (kind !== "function") return [];
    const logGroupName = `/aws/lambda/${name}`;
    const { logStreams = [] } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName, orderBy: "LastEventTime", descending: true, limit: STREAMS_READ }),
    );
    const read = logStreams.map(({ logStreamName }) =>
      logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, limit: LINES_SHOWN })),
    );
    const events = (await Promise.all(read)).flatMap((page) => page.events ?? []);
    return events
      .sort((one, other) => (one.timestamp ?? 0) - (other.timestamp ?? 0))
      .slice(-LINES_SHOWN)
      .map(({ message = "" }) => message);
  }

  return async (id: string): Promise<NodeDetails> => {
    const node = diagram.nodes.find((each) => each.id === id);
    if (node === undefined) throw new Refusal(404, `The diagram has no node ${id}`);
    const waiting = travel.waitingAt(id);
    const photos = waiting.slice(0, PHOTOS_SHOWN).flatMap((each) => journal.timeline(each)?.photo ?? []);
    return {
      terraform: terraformOf(node),
      policies: policiesOf(node),
      log: await logOf(node),
      ...(node.kind === "bus" && { events: recentEvents().slice(-EVENTS_SHOWN).reverse() }),
      waiting: { items: photos, offset: 0, total: waiting.length },
    };
  };
}

function written({ address, body, lifecycle }: Block): TerraformBlock {
  const { "//": _metadata, ...own } = body;
  return { address, body: Object.keys(lifecycle).length === 0 ? own : { ...own, lifecycle } };
}
