/** A credential that is not good. The reason is for the log, never for the client, and never holds anything of the credential. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Whoever could say whether a credential is good cannot be asked. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
