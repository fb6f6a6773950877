/** One of the things that callers of a rate limit are told apart by; in configuration and `@rateLimit` alike. */
export const CALLER = /^(?:identity|ip|tenant|plan|header:[!#$%&'*+.^_`|~0-9A-Za-z-]+|claim:[^\s:]{1,100})$/;

/** The name of an argument, or a path into one: `input.email`. Likewise. */
export const ARGUMENT_PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
