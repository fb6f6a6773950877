/** A JSON object of a subgraph's answer. Only ever indexed with keys of ours (see operation/canonicalKeys.ts). */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
