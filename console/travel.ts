// Where in the diagram each photo is, and what each node has done, by the steps that the journal tells.

import type { Activity } from "../local/activity";
import { createBoundedMap } from "./bounded-map";
import type { Journal } from "./journal";
import type { PhotoRecord } from "./photo-record";
import type { Diagram, DiagramNode, Hop, NodeWork, Step } from "./types";
import { createWays } from "./ways";

const PHOTOS_KEPT = 2_000;
/** More than anybody sees travel at once. */
const HOPS_KEPT = 200;
/** Operations that bring an object. */
const STORES = ["PutObject", "PostObject", "CopyObject", "CompleteMultipartUpload"];
/** What a function asks for although it may not be there, or no longer be so. */
const EXPECTED = ["NoSuchKey", "NotFound", "PreconditionFailed", "ConditionalCheckFailedException"];

/** The profile that a key of ours names, until the pipeline itself has said whose photo it is. */
const PROFILE_IN_KEY = /^original\/(?:(\d+)\/|([\w.~%!'()*-]+)\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.)/;
/** Room on a photo's disc: the ends of long ids differ, their beginnings do not. */
const LABEL_LENGTH = 3;

interface Work {
  count: number;
  failing: number;
}

export interface Travel {
  /** What each node has done since the start. */
  work(): readonly NodeWork[];
  /** The hops since it was asked last, the newest of very many. */
  takeHops(): readonly Hop[];
  /** The ids of the photos that are at a node and not at their end. */
  waitingAt(node: string): readonly string[];
}

interface Place {
  readonly photo: PhotoRecord;
  node: string;
}

export function createTravel(journal: Journal, { nodes, edges }: Diagram): Travel {
  const places = createBoundedMap<string, Place>(PHOTOS_KEPT);
  const works = new Map<string, Work>(
    nodes.filter(({ kind }) => kind !== "role").map(({ id }) => [id, { count: 0, failing: 0 }]),
  );
  /** One activity is a step of each photo of a batch. */
  const counted = new WeakSet<Activity>();

  const idOf = (kind: DiagramNode["kind"], name?: string) =>
    nodes.find((node) => node.kind === kind && (name === undefined || node.name === name))?.id;

  let hops: Hop[] = [];
  const ways = createWays(edges);
  const tinypng = idOf("service");
  const eventBus = idOf("bus");
  /** Who has the pictures back from it. */
  const caller = edges.find(({ to }) => to === tinypng)?.from;

  /** The node that an activity is about. */
  function nodeOf({ service, resource = "" }: Activity): string | undefined {
    if (service === "tinify") return tinypng;
    if (service === "events") return eventBus;
    const name = resource.startsWith("arn:") ? resource.split(":").slice(5).join(":") : resource;
    if (service === "s3") return idOf("bucket", name.split("/")[0]);
    if (service === "lambda") return idOf("function", name.replace(/^function:/, ""));
    if (service !== "dynamodb") return undefined;
    const [, table, isStream] = name.split("/");
    const id = idOf("table", table);
    return isStream === undefined ? id : `${id}.stream`;
  }

  function hop(photo: PhotoRecord, from: string, to: string): void {
    hops.push({ photo: photo.id, label: labelOf(photo), from, to });
    if (hops.length > HOPS_KEPT) hops.shift();
  }

  /** Moves a photo along an edge; where there is none, what is told has been overtaken by what came next. */
  function move(photo: PhotoRecord, to: string | undefined): void {
    if (to === undefined || !works.has(to)) return;
    const place = places.get(photo.id);
    if (place === undefined) places.set(photo.id, { photo, node: to });
    else if (ways.has(place.node, to) || (place.node === tinypng && to === caller)) {
      hop(photo, place.node, to);
      place.node = to;
    }
  }

  /** Moves a photo to where it is in any case, over what it must have passed: a stream is quicker than the response to the write. */
  function bring(photo: PhotoRecord, to: string | undefined): void {
    const place = places.get(photo.id);
    if (to === undefined || place === undefined || place.node === to) return;
    const way = ways.between(place.node, to);
    for (const [index, node] of way.entries()) hop(photo, way[index - 1] ?? place.node, node);
    place.node = to;
  }

  /** A photo goes on with what its function writes, unless it has already: to its thumbnail, which the profile names then. */
  function write(photo: PhotoRecord, writer: string | undefined, table: string | undefined): void {
    const place = places.get(photo.id);
    if (place === undefined || writer === undefined || table === undefined) return;
    if (place.node === writer) move(photo, table);
    else if (writer === caller && ways.has(writer, table)) hop(photo, writer, table);
  }

  /** The event of a photo is sent; the photo stays where it is. */
  function tell(photo: PhotoRecord, writer: string | undefined): void {
    const place = places.get(photo.id);
    if (place === undefined || writer === undefined || eventBus === undefined) return;
    if (ways.has(place.node, writer)) hop(photo, place.node, writer);
    hop(photo, writer, eventBus);
  }

  function note(each: Activity, isDone: boolean, step: Step): void {
    const work = works.get(nodeOf(each) ?? "");
    if (work === undefined || counted.has(each)) return;
    counted.add(each);
    if (isDone) work.count++;
    if (step.isRunning === true) return;
    if (step.error === undefined || EXPECTED.includes(step.error)) work.failing = 0;
    else work.failing++;
  }

  journal.onStep((photo, each, step) => {
    const { service, action, error } = each;
    const node = nodeOf(each);
    const isThere = error === undefined;
    if (action === "Notify") {
      move(photo, idOf("bucket", String(each.detail?.bucket)));
      bring(photo, idOf("function", each.resource?.split(":").at(-1)));
    } else if (service === "s3") {
      const isStored = isThere && STORES.includes(action);
      note(each, isStored, step);
      if (!isStored || (step.within === undefined && places.get(photo.id) !== undefined)) return;
      // Whoever stores a thumbnail has what TinyPNG made, though its response is published later.
      if (places.get(photo.id)?.node === tinypng) bring(photo, caller);
      move(photo, node);
    } else if (action === "Invoke") {
      note(each, step.isRunning === true, step);
      // A function that has ended waits for TinyPNG no longer.
      if (step.isRunning === true || places.get(photo.id)?.node === tinypng) bring(photo, node);
    } else if (action === "AsyncDiscard" || action === "StreamBatchDiscarded") {
      bring(photo, idOf("bucket", bucketOf(each)));
    } else if (service === "events") {
      note(each, isThere, step);
      if (isThere) tell(photo, idOf("function", each.caller?.split("/").at(-1)));
    } else if (action === "UpdateItem") {
      note(each, isThere, step);
      if (isThere) write(photo, idOf("function", each.caller?.split("/").at(-1)), node);
    } else if (service === "dynamodb" || service === "tinify") {
      note(each, isThere && ["StreamAppend", "Result"].includes(action), step);
      if (isThere) move(photo, action === "Result" ? caller : node);
    }
  });

  return {
    work() {
      const here = new Map<string, number>();
      for (const { photo, node } of places.values()) {
        if (photo.state === "running") here.set(node, (here.get(node) ?? 0) + 1);
      }
      return [...works].map(([node, work]) => ({ node, ...work, here: here.get(node) ?? 0 }));
    },
    takeHops() {
      const taken = hops;
      hops = [];
      return taken;
    },
    waitingAt: (id) =>
      places
        .values()
        .flatMap(({ photo, node }) => (node === id && photo.state === "running" ? [photo.id] : []))
        .reverse(),
  };
}

function labelOf({ profileId, key }: PhotoRecord): string {
  const [, number, part = ""] = PROFILE_IN_KEY.exec(key) ?? [];
  const id = profileId ?? number ?? part;
  return id.length > LABEL_LENGTH ? `…${id.slice(1 - LABEL_LENGTH)}` : id;
}

/** The name of the bucket that a failure's destination names. */
const bucketOf = ({ detail }: Activity): string =>
  String(detail?.destination ?? "")
    .split(":")
    .at(-1) ?? "";
