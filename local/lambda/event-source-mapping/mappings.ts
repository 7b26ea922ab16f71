// The event source mappings of one embedded AWS: which stream invokes which function.

import { randomUUID } from "node:crypto";
import type { Account } from "../../account";
import { AwsError } from "../../aws-error";
import type { Dynamodb } from "../../dynamodb/types";
import type { KeptEvents, Position } from "../async-invocation/kept-events";
import type { LambdaFunction } from "../functions";
import type { EventSourceMappingInput } from "../types";
import { createStreamMapping, type StreamMapping, type StreamMappingOptions } from "./mapping";

export interface Mapping {
  readonly uuid: string;
  readonly arn: string;
  readonly target: LambdaFunction;
  readonly input: EventSourceMappingInput;
  readonly tags: Map<string, string>;
  readonly modifiedAt: Date;
  readonly isEnabled: boolean;
  /** None while it is disabled. */
  readonly reader: StreamMapping | undefined;
  /** How far it had read when it was disabled. */
  readonly reached: Position | undefined;
}

interface NewMapping {
  readonly isEnabled: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Mappings {
  create(target: LambdaFunction, input: EventSourceMappingInput, options: NewMapping): Mapping;
  /** Changes settings; reading continues after the records that the function has processed. */
  change(
    mapping: Mapping,
    target: LambdaFunction,
    settings: Partial<EventSourceMappingInput>,
    isEnabled: boolean,
  ): Mapping;
  get(uuid: string): Mapping;
  list(): readonly Mapping[];
  remove(mapping: Mapping): void;
  /** Disables those of a deleted function. */
  disableOf(target: LambdaFunction): void;
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

  function startReader(input: EventSourceMappingInput, uuid: string, goesOnAfter: Position | undefined): StreamMapping {
    const stream = streamOf(dynamodb, input.eventSourceArn);
    return createStreamMapping({ ...shared, input, uuid, stream, goesOnAfter, onReached: keeper(input) });
  }

  function set(mapping: Mapping): Mapping {
    mappings.set(mapping.uuid, mapping);
    return mapping;
  }

  function disable(mapping: Mapping): Mapping {
    const reached = mapping.reader?.position() ?? mapping.reached;
    void mapping.reader?.close();
    return set({ ...mapping, isEnabled: false, reader: undefined, reached, modifiedAt: new Date() });
  }

  return {
    create(target, given, { isEnabled, tags = {} }) {
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
      const reached = kept?.takePosition(input.functionName, eventSourceArn);
      // Also of a mapping that is not to read yet, whose settings are checked the same.
      const reader = startReader(input, uuid, reached);
      const arn = `arn:aws:lambda:${account.region}:${account.accountId}:event-source-mapping:${uuid}`;
      const mapping = set({
        uuid,
        arn,
        target,
        input,
        tags: new Map(Object.entries(tags)),
        modifiedAt: new Date(),
        isEnabled: true,
        reader,
        reached,
      });
      return isEnabled ? mapping : disable(mapping);
    },

    change(mapping, target, settings, isEnabled) {
      const input = { ...mapping.input, ...settings, functionName: target.configuration.functionName };
      const { uuid } = mapping;
      const reached = mapping.reader?.position() ?? mapping.reached;
      // Refused before the old one ends.
      const reader = startReader(input, uuid, reached);
      void mapping.reader?.close();
      const changed = set({ ...mapping, target, input, reader, reached, isEnabled: true, modifiedAt: new Date() });
      return isEnabled ? changed : disable(changed);
    },

    get(uuid) {
      const mapping = mappings.get(uuid);
      if (mapping !== undefined) return mapping;
      throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
    },
    list: () => [...mappings.values()],

    remove({ uuid, reader, input }) {
      void reader?.close();
      mappings.delete(uuid);
      kept?.forgetPosition(input.functionName, input.eventSourceArn);
    },
    disableOf(target) {
      for (const mapping of [...mappings.values()]) if (mapping.target === target) disable(mapping);
    },
    async close() {
      await Promise.all([...mappings.values()].map(({ reader }) => reader?.close()));
    },
  };
}

function streamOf(dynamodb: Pick<Dynamodb, "stream">, streamArn: string) {
  try {
    return dynamodb.stream(streamArn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError("InvalidParameterValueException", `Stream not found: ${streamArn} (${error.message})`);
  }
}
