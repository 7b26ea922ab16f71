// What the console's server tells its page, and what the page asks of it: the JSON of every response and pushed message.

import type { FormattedSize, Size } from "../functions/lib/size";
import type { RequestSummary, ResponseSummary } from "../local/activity";

/** A profile of the table, as far as the page shows it. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly nick: string;
  /** The original's key. */
  readonly image?: string;
  /** Changes with each photo of the profile; part of the picture's address. */
  readonly imageVersion?: string;
  /** The key of what it can show: while a new photo has no thumbnail, that of the one before. */
  readonly thumbnailKey?: string;
  /** Changes with each thumbnail; absent while there is none. */
  readonly thumbnailVersion?: string;
  /** Absent where the profile does not name its thumbnail. */
  readonly thumbnail?: Picture;
  /** The others, of several sizes. */
  readonly moreThumbnails?: readonly (Picture & { readonly name: string })[];
  /** The one of its photos to which something happened last. */
  readonly photo?: Photo;
}

export type PhotoState = "running" | "done" | "failed" | "skipped";

/** How far a photo has come: in the bucket, in its profile, and on the way to its thumbnail. */
export type PhotoStage = "uploaded" | "set" | "making";

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** One upload and what became of it. */
export interface Photo {
  /** The id of the request that brought it. */
  readonly id: string;
  readonly key: string;
  readonly profileId?: string;
  /** When it came, in ms since 1970. */
  readonly at: number;
  /** From the upload to the end of what happened last. */
  readonly ms: number;
  readonly state: PhotoState;
  readonly stage: PhotoStage;
  /** What TinyPNG was given, and what it gave. */
  readonly original?: Picture;
  readonly thumbnail?: Picture;
  /** Why it failed or was skipped, as far as is known. */
  readonly reason?: string;
  /** The key of its failure record. */
  readonly failureKey?: string;
}

/** One thing that happened to a photo. */
export interface Step {
  readonly id: string;
  readonly service: string;
  readonly action: string;
  /** What it was done to, in short. */
  readonly subject: string;
  /** ms since 1970. */
  readonly at: number;
  /** Absent for what has no duration, or still runs. */
  readonly ms?: number;
  readonly isRunning?: boolean;
  /** The step of the invocation that it happened in. */
  readonly within?: string;
  readonly error?: string;
  /** Of an invocation of which there were several; `of` once no more are to come. */
  readonly attempt?: { readonly number: number; readonly of?: number };
  /** What else is worth a glance, such as `cold start, 222 ms` or `3000×4000`. */
  readonly notes: readonly string[];
}

export interface Decision {
  readonly action: string;
  readonly resource: string;
  readonly decision: string;
  readonly reason: string;
}

/** What an opened step shows. */
export interface StepDetails {
  readonly event?: unknown;
  readonly request?: RequestSummary;
  readonly response?: ResponseSummary;
  /** For a shell. */
  readonly command?: string;
  readonly decisions: readonly Decision[];
  readonly log: readonly string[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A photo with its steps; of very many the newest. */
export interface Timeline {
  readonly photo: Photo;
  readonly steps: readonly Step[];
  /** How many older steps are not among them. */
  readonly earlier: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly offset: number;
  readonly total: number;
}

/** One record of the failures bucket. */
export interface Failure {
  readonly record: string;
  readonly when: string;
  readonly functionName: string;
  readonly code: string;
  /** In plain words what has happened. */
  readonly sentence: string;
  /** In those of the function, or of what it asked. */
  readonly message: string;
  /** How often it was tried, as far as the record says. */
  readonly tries?: number;
  /** The photo that failed, if the console has seen it. */
  readonly photoId?: string;
  readonly events: readonly { readonly profileId?: string; readonly key?: string }[];
}

export interface FaultSwitch {
  readonly name: string;
  readonly title: string;
  readonly explanation: string;
  /** The node of the diagram that it belongs to. */
  readonly node: string;
  readonly isOn: boolean;
  /** How often it struck since it was switched on. */
  readonly hits: number;
}

/** What became of a hundred photos while everything failed that can; the promises that were broken, each in words. */
export interface ChaosVerdict {
  readonly seed: number;
  readonly uploads: number;
  readonly accepted: number;
  readonly verdicts: Counts<"correct" | "superseded" | "failed" | "lost" | "wrong">;
  /** The failure records that were replayed when nothing failed any more. */
  readonly redriven: Counts<RedriveResult["state"]>;
  readonly faults: number;
  readonly broken: readonly string[];
  readonly ms: number;
}

/** The last run of chaos, if there was one. */
export interface ChaosRun {
  readonly isRunning: boolean;
  /** How far it is, in words. */
  readonly progress?: string;
  readonly verdict?: ChaosVerdict;
  /** Why there is no verdict. */
  readonly problem?: string;
}

export interface DiagramNode {
  readonly id: string;
  readonly kind: "bucket" | "function" | "table" | "stream" | "role" | "service" | "bus";
  readonly name: string;
  readonly address: string;
}

/** `flow` is what moves photos on, `failure` where those go that fail, `grant` what a role may do, `role` whose role it is. */
export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "flow" | "failure" | "grant" | "role";
  readonly label: string;
}

export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** What a node of the diagram has done since the start. */
export interface NodeWork {
  readonly node: string;
  /** Objects stored, runs begun, updates, changes or pictures, by its kind. */
  readonly count: number;
  /** How many photos are there, on their way. */
  readonly here: number;
  /** How often it has failed since it last succeeded. */
  readonly failing: number;
}

/** A block of the stack as it was synthesized. */
export interface TerraformBlock {
  readonly address: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What an opened node shows. */
export interface NodeDetails {
  /** Its own block first. */
  readonly terraform: readonly TerraformBlock[];
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
  readonly log: readonly string[];
  /** Of the event bus: what it took last, the newest first. */
  readonly events?: readonly unknown[];
  /** The photos that are in it, on their way; the newest. */
  readonly waiting: Page<Photo>;
}

/** A photo has gone from one node to another. */
export interface Hop {
  readonly photo: string;
  /** Its profile's number, or empty. */
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

/** As TinyPNG calls its ways to fit a photo into a size. */
export const THUMBNAIL_METHODS = ["fit", "cover", "thumb"] as const;

/** What thumbnails are made like. */
export interface Thumbnail extends Size {
  /** With the setting `thumbnails`: all, of which this is the first. */
  readonly sizes?: readonly (FormattedSize & { readonly name: string })[];
}

/** A photo of ours, and the profile that it is of. */
export interface Sample {
  readonly name: string;
  readonly profileId: string;
}

/** Everything that the first screen needs. */
export interface FirstState {
  /** Another one for each server that serves the page. */
  readonly server: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly failuresBucket: string;
  /** Why browsers cannot upload, in one sentence. */
  readonly uploadProblem?: string;
  readonly profiles: Page<Profile>;
  readonly photos: Page<Photo>;
  readonly timeline?: Timeline;
  readonly failures: Page<Failure>;
  readonly faults: readonly FaultSwitch[];
  readonly thumbnail: Thumbnail;
  readonly samples: readonly Sample[];
  readonly chaos: ChaosRun;
  readonly diagram: Diagram;
  readonly work: readonly NodeWork[];
}

/** What is pushed; each part is there when it changed. */
export interface Update {
  /** Of the first message of a connection. */
  readonly server?: string;
  /** Changed profiles; `"many"` when there are too many to send. */
  readonly profiles?: readonly Profile[] | "many";
  /** The newest photos. */
  readonly photos?: Page<Photo>;
  /** Of the photo that the page watches. */
  readonly timeline?: Timeline;
  readonly failures?: Page<Failure>;
  readonly thumbnail?: Thumbnail;
  readonly faults?: readonly FaultSwitch[];
  readonly work?: readonly NodeWork[];
  /** What photos have done since the last message. */
  readonly hops?: readonly Hop[];
  readonly chaos?: ChaosRun;
}

export interface UploadRequest {
  readonly profileId: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** A signed form: the page posts it, with the file, to the bucket itself. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly key: string;
}

export interface RedriveResult {
  readonly record: string;
  readonly state: "succeeded" | "superseded" | "failed";
  readonly why?: string;
}

export interface DiscardResult {
  readonly record: string;
  readonly state: "discarded" | "gone" | "kept";
  readonly why?: string;
}

/** Of what was done to all records: how many came to each end. */
export type Counts<State extends string> = Readonly<Record<State, number>>;
