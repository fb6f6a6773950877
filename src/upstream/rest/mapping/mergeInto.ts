import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { Span } from '../../../supergraph/connect/mapping/Mapping.js';
import type { Evaluation, Location } from './Evaluation.js';
import type { JsonObject } from './jsonValues.js';
import { setProperty, typeName } from './jsonValues.js';

/** Lays the fields of `source` over those of `target`; what both have is merged, as far as it goes. `target` alone is changed. */
export function mergeInto(
  evaluation: Evaluation,
  target: Record<string, unknown>,
  source: JsonObject,
  location: Location,
  span: Span,
): void {
  for (const key of Object.keys(source)) {
    evaluation.spend(1);
    const value = Object.hasOwn(target, key)
      ? merge(evaluation, target[key], source[key], { parent: location, key }, span)
      : source[key];
    setProperty(target, key, value);
  }
}

/** Objects by key, lists by index; null wins over everything; otherwise the second. Neither is changed: they may be parts of the input. */
function merge(evaluation: Evaluation, a: unknown, b: unknown, location: Location, span: Span): unknown {
  if (a === null || b === null) return null;
  if (isJsonObject(a) && isJsonObject(b)) {
    return evaluation.deeper(() => {
      evaluation.spend(Object.keys(a).length);
      const merged = { ...a };
      mergeInto(evaluation, merged, b, location, span);
      return merged;
    });
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return evaluation.deeper(() => {
      const length = Math.max(a.length, b.length);
      evaluation.spend(length);
      return Array.from({ length }, (_, key) => {
        if (key >= a.length) return b[key] as unknown;
        if (key >= b.length) return a[key] as unknown;
        return merge(evaluation, a[key], b[key], { parent: location, key }, span);
      });
    });
  }
  const [before, after] = [typeName(a), typeName(b)];
  if (before !== after)
    evaluation.report(`The mapping makes this field twice: ${before}, then ${after}`, location, span);
  return b;
}
