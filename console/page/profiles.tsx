// The profiles: a page of cards, found by name, each kept as new as the server pushes it.

import { useEffect, useState } from "preact/hooks";
import type { Failure, FirstState, Page, Profile } from "../types";
import { get, messageOf } from "./api";
import { Card } from "./card";
import { Pager } from "./pager";

const SIZE = 12;

interface ProfilesProps {
  readonly first: FirstState;
  /** The latest message about profiles; a new object for each. */
  readonly pushed: { readonly profiles?: readonly Profile[] | "many" };
  readonly announce: (text: string) => void;
  readonly failures: readonly Failure[];
  readonly onUpload: () => void;
  readonly onShow: (photoId: string) => void;
}

export function Profiles({ first, pushed, failures, announce, onUpload, onShow }: ProfilesProps) {
  const [page, setPage] = useState(first.profiles);
  const [wanted, setWanted] = useState({ offset: 0, text: "" });
  const [isStale, setStale] = useState(0);

  useEffect(() => {
    const { profiles } = pushed;
    if (profiles === "many") setStale((times) => times + 1);
    else if (profiles !== undefined) setPage((before) => ({ ...before, items: before.items.map(replaced(profiles)) }));
  }, [pushed]);

  useEffect(() => {
    if (isStale === 0 && wanted.offset === 0 && wanted.text === "") return;
    const query = new URLSearchParams({ offset: String(wanted.offset), limit: String(SIZE), find: wanted.text });
    let isCurrent = true;
    get<Page<Profile>>(`/api/profiles?${query}`).then(
      (found) => isCurrent && setPage(found),
      (error) => announce(messageOf(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [wanted, isStale]);

  return (
    <section aria-labelledby="profiles">
      <div class="heading">
        <h2 id="profiles">Profiles</h2>
        <input
          type="search"
          aria-label="Find profiles by id, name or nick"
          placeholder="Find"
          onInput={({ currentTarget }) => setWanted({ offset: 0, text: currentTarget.value })}
        />
      </div>
      {page.total === 0 && <p class="empty">No profile {wanted.text === "" ? "yet" : `like “${wanted.text}”`}.</p>}
      <ul class="cards">
        {page.items.map((profile) => (
          <Card
            key={profile.id}
            profile={profile}
            code={codeOf(profile, failures)}
            announce={announce}
            onUpload={onUpload}
            onShow={onShow}
          />
        ))}
      </ul>
      <Pager
        page={page}
        size={SIZE}
        label="Pages of profiles"
        onTurn={(offset) => setWanted(({ text }) => ({ offset, text }))}
      />
    </section>
  );
}

const codeOf = ({ photo }: Profile, failures: readonly Failure[]): string | undefined =>
  photo?.failureKey && failures.find(({ record }) => record === photo.failureKey)?.code;

const replaced =
  (changed: readonly Profile[]) =>
  (profile: Profile): Profile =>
    changed.find(({ id }) => id === profile.id) ?? profile;
