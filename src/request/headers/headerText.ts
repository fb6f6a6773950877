/** No name in use is longer, and patterns can be slow on long texts. */
const MAX_MATCHED_NAME = 100;
/** What RFC 9110, 5.5 lets into a value; control characters other than the tab are how headers are smuggled. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether HTTP can carry the value. */
export function isSendable(value: string): boolean {
  return SENDABLE.test(value);
}

/** A test for whole names, without regard to case. */
export function wholeName(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^(?:${pattern})$`, 'i');
  return (name) => name.length <= MAX_MATCHED_NAME && expression.test(name);
}

/**
 * A header's name as servers see it that hand headers on as variables (CGI, WSGI, Rack: `HTTP_X_USER_ID`): for them `x_user_id` is
 * `x-user-id`. Lower case in, lower case out.
 */
export function nameForServers(name: string): string {
  return PLAIN.test(name) ? name : name.replaceAll(/[^a-z0-9]/g, '-');
}

const PLAIN = /^[a-z0-9-]*$/;

/** The names that a `Connection` header lists: those of that connection (RFC 9110, 7.6.1). */
export function listedNames(connection: string | undefined): ReadonlySet<string> | undefined {
  return connection === undefined
    ? undefined
    : new Set(
        connection
          .toLowerCase()
          .split(',')
          .map((name) => name.trim()),
      );
}
