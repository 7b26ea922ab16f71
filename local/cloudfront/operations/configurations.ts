// The operations on what distributions refer to: origin access controls, cache policies and response headers policies are
// created, read, listed, replaced and deleted in the same way, each under its own name.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html

import { operation } from "../../api/operation";
import { count, type Members, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { DistributionConfig } from "../distribution-config";
import { checkQuantities } from "../lists";
import { arnOf, type CloudfrontState, checkVersion, newVersion, pageOf, type Versioned } from "./state";

export interface Kind<Config> {
  /** In the names of operations and members: `CachePolicy`. */
  readonly name: string;
  readonly plural: string;
  /** In paths and ARNs: `cache-policy`. */
  readonly type: string;
  readonly members: Members;
  all(state: CloudfrontState): Map<string, Versioned<Config>>;
  newId(): string;
  /** Whether a distribution refers to one. */
  isUsed(config: DistributionConfig, id: string): boolean;
  /** As it is told. */
  tell(kept: Versioned<Config>): object;
  /** What an element of a list is. */
  tellListed(kept: Versioned<Config>): object;
  /** The parameters of the list, besides markers. */
  readonly listBy?: Members;
}

/** Makes the operations on one kind. */
export function configurationOperations<Config extends { readonly Name: string }>(kind: Kind<Config>) {
  const { name, plural, type, members, all } = kind;
  const member = `${name}Config`;
  const id = { Id: required(string) };
  const config = { [member]: required(structure(members)) };
  const existing = ({ Id }: { Id: string }, state: CloudfrontState) => [{ resource: arnOf(state, type, Id) }];

  function find(state: CloudfrontState, Id: string): Versioned<Config> {
    const found = all(state).get(Id);
    if (found !== undefined) return found;
    throw new AwsError(`NoSuch${name}`, `The specified ${type} does not exist: ${Id}`, 404);
  }

  function read(state: CloudfrontState, input: object, own?: string): Config {
    const given = (input as Record<string, unknown>)[member] as Config;
    checkQuantities(given, member);
    const same = [...all(state).values()].find((each) => each.id !== own && each.config.Name === given.Name);
    if (same === undefined) return given;
    throw new AwsError(`${name}AlreadyExists`, `There is a ${type} with the name "${given.Name}": ${same.id}`, 409);
  }

  const described = (kept: Versioned<Config>) => ({ [name]: kind.tell(kept), ETag: kept.etag });

  return [
    operation({
      name: `Create${name}`,
      input: config,
      resources: (_input, state: CloudfrontState) => [{ resource: arnOf(state, type, "*") }],
      run(state: CloudfrontState, input) {
        const kept = { id: kind.newId(), ...newVersion(read(state, input)) };
        all(state).set(kept.id, kept);
        return { ...described(kept), Location: `https://cloudfront.amazonaws.com/2020-05-31/${type}/${kept.id}` };
      },
    }),
    operation({
      name: `Get${name}`,
      input: id,
      resources: existing,
      run: (state: CloudfrontState, { Id }) => described(find(state, Id)),
    }),
    operation({
      name: `Get${name}Config`,
      input: id,
      resources: existing,
      run(state: CloudfrontState, { Id }) {
        const kept = find(state, Id);
        return { [member]: kept.config, ETag: kept.etag };
      },
    }),
    operation({
      name: `List${plural}`,
      input: { ...kind.listBy, Marker: string, MaxItems: count },
      resources: () => [{ resource: "*" }],
      run(state: CloudfrontState, { Marker, MaxItems }) {
        const { page, frame } = pageOf([...all(state).values()], (each) => each.id, Marker, MaxItems);
        return { [`${name}List`]: { ...frame, Items: page.map(kind.tellListed) } };
      },
    }),
    operation({
      name: `Update${name}`,
      input: { ...id, ...config, IfMatch: string },
      resources: existing,
      run(state: CloudfrontState, input) {
        const { Id, IfMatch } = input as unknown as { Id: string; IfMatch?: string };
        const kept = find(state, Id);
        checkVersion(kept, IfMatch);
        Object.assign(kept, newVersion(read(state, input, Id)));
        return described(kept);
      },
    }),
    operation({
      name: `Delete${name}`,
      input: { ...id, IfMatch: string },
      resources: existing,
      run(state: CloudfrontState, { Id, IfMatch }) {
        checkVersion(find(state, Id), IfMatch);
        const user = [...state.distributions.values()].find((each) => kind.isUsed(each.config, Id));
        if (user !== undefined) {
          throw new AwsError(`${name}InUse`, `The ${type} ${Id} is used by the distribution ${user.id}`, 409);
        }
        all(state).delete(Id);
      },
    }),
  ];
}
