/** A body, read. `ok: false`: it is not what its content-type says; the message has nothing of it. */
export type BodyResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };
