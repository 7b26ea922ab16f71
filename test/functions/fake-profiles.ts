// A table of profiles that knows the one update of SetProfileImage. That the real condition means the same is what the
// end-to-end tests show.

import { ConditionalCheckFailedException, type DynamoDBClient, type UpdateItemCommand } from "@aws-sdk/client-dynamodb";

type Profile = Record<string, { N?: string; S?: string }>;

export function createFakeProfiles(...ids: string[]) {
  const profiles = new Map<string, Profile>(ids.map((id) => [id, { id: { N: id }, nick: { S: `Nick ${id}` } }]));
  const inputs: UpdateItemCommand["input"][] = [];
  let fault: unknown;

  async function send({ input }: UpdateItemCommand): Promise<unknown> {
    inputs.push(input);
    if (fault !== undefined) throw fault;
    const { ":key": image, ":eTag": imageETag, ":version": imageVersion } = input.ExpressionAttributeValues as Profile;
    const profile = profiles.get(input.Key?.id?.N ?? "");
    const isNewer = (profile?.imageVersion?.S ?? "") < (imageVersion?.S ?? "");
    if (profile === undefined || !isNewer) {
      const Item = profile as ConditionalCheckFailedException["Item"];
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {}, Item });
    }
    if (image && imageETag && imageVersion) Object.assign(profile, { image, imageETag, imageVersion });
    return {};
  }

  return {
    client: { send } as unknown as Pick<DynamoDBClient, "send">,
    inputs,
    profile: (id: string) => profiles.get(id),
    fail(error: unknown) {
      fault = error;
    },
  };
}
