import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { watchFile } from '../../base/kit/watchFile.js';
import { notices } from '../../base/telemetry/channels.js';
import { messageOf } from '../../base/kit/messageOf.js';

/** How a subgraph is trusted, and who we are for it. Verification cannot be switched off. Files are PEM, paths absolute. */
export interface ClientTlsOptions {
  /** Certificates of the authorities to trust, instead of the system's. */
  readonly caFile?: string | undefined;
  /** Our certificate and the ones between it and its authority; with `keyFile`. */
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** The name that the subgraph's certificate must have (and SNI); default: the host of the URL. */
  readonly serverName?: string | undefined;
  /** Default `TLSv1.2`. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/**
 * The keys and authorities of connections to one subgraph, read from files and read again when a file changes.
 *
 * Files that do not fit together (a certificate was replaced, its key not yet) are told to the log, and the former ones stay in use.
 * Errors: CONFIG_INVALID at once for files that cannot be used.
 */
export class ClientTls {
  readonly serverName: string | undefined;
  readonly #subgraph: string;
  readonly #options: ClientTlsOptions;
  readonly #watchers: ReadonlyArray<{ close(): void }>;
  readonly #onChange: () => void;
  #context: SecureContext;
  #content: string;

  constructor(subgraph: string, options: ClientTlsOptions, onChange: () => void) {
    this.serverName = options.serverName;
    this.#subgraph = subgraph;
    this.#options = options;
    this.#onChange = onChange;
    // Watched before they are read: no change is missed.
    this.#watchers = [...new Set(filesOf(options))].map((file) => watchFile(file, () => this.#reload()));
    try {
      const { context, content } = read(options);
      this.#context = context;
      this.#content = content;
    } catch (error) {
      this.close();
      const message = `the TLS files for subgraph ${subgraph} cannot be used: ${describe(error)}`;
      throw new PorticoError('CONFIG_INVALID', message, { details: { subgraph, files: filesOf(options) } });
    }
  }

  get context(): SecureContext {
    return this.#context;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
  }

  #reload(): void {
    const details = { subgraph: this.#subgraph, files: filesOf(this.#options) };
    try {
      const { context, content } = read(this.#options);
      if (content === this.#content) return;
      this.#context = context;
      this.#content = content;
    } catch (error) {
      const message = 'TLS files were refused, the former ones stay in use';
      return notices.publish({ level: 'error', message, details: { ...details, reason: describe(error) } });
    }
    notices.publish({ level: 'info', message: 'TLS files were replaced', details });
    this.#onChange();
  }
}

function filesOf({ caFile, certificateFile, keyFile }: ClientTlsOptions): string[] {
  return [caFile, certificateFile, keyFile].filter((file) => file !== undefined);
}

function read(options: ClientTlsOptions): { context: SecureContext; content: string } {
  const { caFile, certificateFile, keyFile, minVersion = 'TLSv1.2' } = options;
  const [ca, cert, key] = [caFile, certificateFile, keyFile].map((file) =>
    file === undefined ? undefined : readFileSync(file, 'utf8'),
  );
  const context = createSecureContext({
    minVersion,
    ...(ca !== undefined && { ca: authoritiesIn(ca) }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });
  return { context, content: JSON.stringify([ca, cert, key]) };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What Node cannot read among authorities it passes over in silence, and then nobody can connect: better said at once. */
function authoritiesIn(pem: string): string[] {
  const found = pem.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw new Error('the file of authorities has no certificate in it');
  for (const certificate of found) new X509Certificate(certificate);
  return found;
}

/** OpenSSL's messages name what is wrong, never what is in the files. */
function describe(error: unknown): string {
  return messageOf(error);
}
