import { SignJWT, exportSPKI, generateKeyPair } from 'jose';

/** What demo.yaml expects of a token. */
const ISSUER = 'https://login.shop.example/';
const AUDIENCE = 'shop';

/** Who a token is for, and what it says of them. */
export interface TokenFacts {
  readonly subject: string;
  readonly plan: string;
  readonly scopes: readonly string[];
}

// Made anew in each process: nothing of it is kept, and no token of a page or a repository is ever good.
const keys = generateKeyPair('ES256', { extractable: true });

/** A token of the demo, good for 12 hours and until the demo ends. */
export async function signToken({ subject, plan, scopes }: TokenFacts): Promise<string> {
  const { privateKey } = await keys;
  return new SignJWT({ plan, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(privateKey);
}

/** What the gateway verifies tokens with, as PEM. */
export async function issuerKey(): Promise<string> {
  return exportSPKI((await keys).publicKey);
}
