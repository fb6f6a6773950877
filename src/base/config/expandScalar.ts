import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** What variables may refer to. */
export interface ExpansionSetting {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative `${file:…}` paths start. */
  readonly directory: string;
}

export type Expanded = { readonly text: string } | { readonly problem: string; readonly hint: string | undefined };

/** Secrets and keys; nothing that belongs in a configuration is larger. */
const MAX_FILE_BYTES = 64 * 1024;
const EXPRESSION = /\$\$\{|\$\{([^}]*)(\}?)/g;

/**
 * Replaces `${VAR}`, `${VAR:-default}` and `${file:path}` in one scalar; `$${` stands for `${`.
 *
 * The default is used for a variable that is not set or empty, as in a shell. What is put in is not expanded again. A file loses the line
 * feed at its end.
 */
export function expandScalar(text: string, setting: ExpansionSetting): Expanded {
  let problem: { problem: string; hint: string | undefined } | undefined;
  const expanded = text.replace(EXPRESSION, (match, inside: string | undefined, end: string | undefined) => {
    if (inside === undefined) return '${';
    const result =
      end === '' ? { problem: `has no } after ${match.slice(0, 20)}`, hint: undefined } : expand(inside, setting);
    if ('text' in result) return result.text;
    problem ??= result;
    return '';
  });
  return problem ?? { text: expanded };
}

function expand(inside: string, setting: ExpansionSetting): Expanded {
  if (inside.startsWith('file:')) return readText(inside.slice('file:'.length).trim(), setting.directory);
  // Rover and Apollo Router write `${env.VAR}`.
  const [, name, fallback] = /^(?:env\.)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inside) ?? [];
  if (name === undefined) {
    return {
      problem: `has an expression that is not known: \${${inside}}`,
      hint: 'write ${VAR}, ${VAR:-default} or ${file:path}, and $${ for the characters themselves',
    };
  }
  const value = Object.hasOwn(setting.environment, name) ? setting.environment[name] : undefined;
  if (fallback !== undefined) return { text: value === undefined || value === '' ? fallback : value };
  if (value !== undefined) return { text: value };
  return { problem: `needs the environment variable ${name}, which is not set`, hint: `or write \${${name}:-default}` };
}

function readText(path: string, directory: string): Expanded {
  if (path === '') return { problem: 'names no file: ${file:}', hint: undefined };
  const file = resolve(directory, path);
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return { problem: `needs the file ${path}, which is not a file`, hint: undefined };
    if (stat.size > MAX_FILE_BYTES) {
      return { problem: `needs the file ${path}, which is larger than ${MAX_FILE_BYTES} bytes`, hint: undefined };
    }
    return { text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const hint = `looked for ${file}`;
    return { problem: `needs the file ${path}, which ${missing ? 'does not exist' : 'cannot be read'}`, hint };
  }
}
