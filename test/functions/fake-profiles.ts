// A table of profiles that knows the updates of SetProfileImage. That the real conditions mean the same is what the
// end-to-end tests show.

import { ConditionalCheckFailedException, type DynamoDBClient, type UpdateItemCommand } from "@aws-sdk/client-dynamodb";

type Profile = Record<string, { N?: string; S?: string }>;

const ANY_NEWER =
  "attribute_exists(id) AND (attribute_not_exists(imageVersion) OR (imageVersion < :version AND (image <> :key OR imageSequencer < :sequencer)))";
const AS_KEPT = "imageVersion = :kept";

export function createFakeProfiles() {
  const profiles = new Map<string, Profile>();
  const inputs: UpdateItemCommand["input"][] = [];
  const interruptions: (() => void)[] = [];
  let fault: unknown;

  const holds = ({ ConditionExpression, ExpressionAttributeValues }: UpdateItemCommand["input"], profile: Profile) => {
    const { image, imageVersion, imageSequencer } = profile;
    const {
      ":key": key,
      ":version": version,
      ":sequencer": sequencer,
      ":kept": kept,
    } = ExpressionAttributeValues as Profile;
    const isLess = (one?: { S?: string }, other?: { S?: string }) =>
      one?.S !== undefined && other?.S !== undefined && one.S < other.S;
    switch (ConditionExpression) {
      case ANY_NEWER:
        return (
          imageVersion === undefined ||
          (isLess(imageVersion, version) && (image?.S !== key?.S || isLess(imageSequencer, sequencer)))
        );
      case AS_KEPT:
        return imageVersion?.S === kept?.S;
      default:
        throw new Error(`The fake does not know the condition ${ConditionExpression}`);
    }
  };

  async function send({ input }: UpdateItemCommand): Promise<unknown> {
    inputs.push(input);
    if (fault !== undefined) throw fault;
    const interrupt = interruptions.shift();
    interrupt?.();
    const values = input.ExpressionAttributeValues as Profile;
    const profile = profiles.get(input.Key?.id?.N ?? "");
    if (profile === undefined || !holds(input, profile)) {
      const Item = (profile && { ...profile }) as ConditionalCheckFailedException["Item"];
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {}, Item });
    }
    for (const [, name = "", value = ""] of input.UpdateExpression?.matchAll(/(\w+) = (:\w+)/g) ?? []) {
      profile[name] = values[value] ?? {};
    }
    return {};
  }

  return {
    client: { send } as unknown as Pick<DynamoDBClient, "send">,
    inputs,
    /** Forgets everything, for the next test, and has these profiles. */
    reset(...ids: string[]): void {
      profiles.clear();
      for (const id of ids) profiles.set(id, { id: { N: id }, nick: { S: `Nick ${id}` } });
      for (const each of [inputs, interruptions]) each.length = 0;
      fault = undefined;
    },
    profile: (id: string) => profiles.get(id),
    /** Changes a profile's attributes, as an earlier release or somebody else left them. */
    put: (id: string, attributes: Profile) => void profiles.set(id, { ...profiles.get(id), ...attributes }),
    /** Does something just before the next update, or those after it, are decided on. */
    before: (...interrupts: (() => void)[]) => void interruptions.push(...interrupts),
    fail(error: unknown) {
      fault = error;
    },
  };
}
