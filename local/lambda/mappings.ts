// The event source mappings of one embedded AWS: which stream feeds which function.

import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { Dynamodb } from "../dynamodb/types";
import type { LambdaFunction } from "./functions";
import type { KeptEvents, Position } from "./kept-events";
import { createStreamMapping, type StreamMapping, type StreamMappingOptions } from "./stream-mapping";
import type { EventSourceMappingInput } from "./types";

export interface Mapping {
  readonly uuid: string;
  readonly arn: string;
  readonly target: LambdaFunction;
  readonly input: EventSourceMappingInput;
  readonly createdAt: Date;
  readonly reader: StreamMapping;
}

export interface Mappings {
  create(target: LambdaFunction, input: EventSourceMappingInput): Mapping;
  /** Changes the mapping of the same stream and function; it goes on behind what the function has done. */
  update(target: LambdaFunction, input: EventSourceMappingInput): void;
  get(uuid: string): Mapping;
  list(): readonly Mapping[];
  close(): Promise<void>;
}

type SharedOptions = Omit<StreamMappingOptions, "input" | "uuid" | "stream" | "goesOnAfter" | "onReached">;

export function createMappings(
  account: Readonly<Account>,
  dynamodb: Pick<Dynamodb, "stream">,
  shared: SharedOptions,
  kept?: KeptEvents,
): Mappings {
  const mappings = new Map<string, Mapping>();

  const find = (target: LambdaFunction, eventSourceArn: string) =>
    [...mappings.values()].find(
      (mapping) => mapping.target === target && mapping.input.eventSourceArn === eventSourceArn,
    );

  /** Keeps how far a mapping has read over a restart. */
  const keeper =
    ({ functionName, eventSourceArn }: EventSourceMappingInput) =>
    (position: Position) =>
      kept?.putPosition(functionName, eventSourceArn, position);

  return {
    create(target, given) {
      const input = { ...given, functionName: target.configuration.functionName };
      const { eventSourceArn } = input;
      const twin = find(target, eventSourceArn);
      if (twin !== undefined) {
        throw new AwsError(
          "ResourceConflictException",
          `The event source arn (" ${eventSourceArn} ") and function (" ${input.functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${twin.uuid}`,
          409,
        );
      }
      const uuid = randomUUID();
      const stream = streamOf(dynamodb, eventSourceArn);
      const goesOnAfter = kept?.takePosition(input.functionName, eventSourceArn);
      const reader = createStreamMapping({ ...shared, input, uuid, stream, goesOnAfter, onReached: keeper(input) });
      const arn = `arn:aws:lambda:${account.region}:${account.accountId}:event-source-mapping:${uuid}`;
      const mapping = { uuid, arn, target, input, createdAt: new Date(), reader };
      mappings.set(uuid, mapping);
      return mapping;
    },
    update(target, given) {
      const input = { ...given, functionName: target.configuration.functionName };
      const mapping = find(target, input.eventSourceArn);
      if (mapping === undefined) throw notFound();
      const { uuid, reader } = mapping;
      const stream = streamOf(dynamodb, input.eventSourceArn);
      // Refused before the old one ends.
      const goesOnAfter = reader.position();
      const next = createStreamMapping({ ...shared, input, uuid, stream, goesOnAfter, onReached: keeper(input) });
      void reader.close();
      mappings.set(uuid, { ...mapping, input, reader: next });
    },
    get(uuid) {
      const mapping = mappings.get(uuid);
      if (mapping !== undefined) return mapping;
      throw notFound();
    },
    list: () => [...mappings.values()],
    async close() {
      await Promise.all([...mappings.values()].map(({ reader }) => reader.close()));
    },
  };
}

const notFound = () => new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);

function streamOf(dynamodb: Pick<Dynamodb, "stream">, streamArn: string) {
  try {
    return dynamodb.stream(streamArn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError("InvalidParameterValueException", `Stream not found: ${streamArn} (${error.message})`);
  }
}
