// The shapes of what operations take: what each member is called and holds. A protocol reads a request by them, and what
// no shape names is refused by name. Names and kinds are those of AWS's own models, to which a test holds them.

/** One value. `T` is what it becomes. */
export type Shape<T = unknown> = Scalar<T> | ListShape<T> | MapShape<T> | StructureShape<T> | DocumentShape<T>;

interface Scalar<T> extends Typed<T> {
  readonly kind: "string" | "number" | "boolean" | "blob";
  /** The only values it may have here. */
  readonly allowed?: readonly unknown[];
  readonly min?: number;
}
interface ListShape<T> extends Typed<T> {
  readonly kind: "list";
  readonly of: Shape;
  readonly isEmpty?: true;
}
interface MapShape<T> extends Typed<T> {
  readonly kind: "map";
  readonly of: Shape;
}
interface StructureShape<T> extends Typed<T> {
  readonly kind: "structure";
  readonly members: Members;
}
/** Taken as it comes: its reader is elsewhere. */
interface DocumentShape<T> extends Typed<T> {
  readonly kind: "document";
}

interface Typed<T> {
  readonly isRequired?: true;
  /** Carries the type alone; never there. */
  readonly type?: T;
}

/** The members of a structure, or of an operation's input. */
export type Members = Readonly<Record<string, Shape>>;

/** What the input of these members is once it has been read. */
export type InputOf<M extends Members> = {
  readonly [Name in keyof M as M[Name] extends { isRequired: true } ? Name : never]: ValueOf<M[Name]>;
} & {
  readonly [Name in keyof M as M[Name] extends { isRequired: true } ? never : Name]?: ValueOf<M[Name]>;
};

type ValueOf<S> = S extends Shape<infer T> ? T : never;

export const string: Shape<string> = { kind: "string" };
export const number: Shape<number> = { kind: "number" };
/** How many of something: 1 or more. */
export const count: Shape<number> = { kind: "number", min: 1 };
export const boolean: Shape<boolean> = { kind: "boolean" };
/** Bytes: base64 in JSON and in forms. */
export const blob: Shape<Buffer> = { kind: "blob" };
/** Any JSON, for members that the operation reads itself. */
export const document: Shape<unknown> = { kind: "document" };

/** One of a few words. */
export const oneOf = <T extends string>(...allowed: readonly T[]): Shape<T> => ({ kind: "string", allowed });

/** A member that AWS has and the embedded AWS does not play: taken with the values that change nothing. */
export const only = <T extends string | number | boolean>(...allowed: readonly T[]): Shape<T> => ({
  kind: typeof allowed[0] as "string" | "number" | "boolean",
  allowed,
});

export const list = <T>(of: Shape<T>): Shape<readonly T[]> => ({ kind: "list", of });
/** A list that must be empty: what it would hold is not played. */
export const none: Shape<readonly never[]> = { kind: "list", of: { kind: "document" }, isEmpty: true };
export const map = <T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> => ({ kind: "map", of });
export const structure = <M extends Members>(members: M): Shape<InputOf<M>> => ({ kind: "structure", members });

/** A member that must be there. */
export const required = <S extends Shape>(shape: S): S & { readonly isRequired: true } => ({
  ...shape,
  isRequired: true,
});
