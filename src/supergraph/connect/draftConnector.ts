import type { Mapping } from './mapping/Mapping.js';
import { outputShape } from './mapping/outputShape.js';
import type { OutputShape } from './mapping/outputShape.js';
import { parseSelection } from './mapping/parseSelection.js';
import { argumentNode } from '../read/connectTexts.js';
import { namedType } from '../read/readFieldTypes.js';
import type { ConnectProblem, Fail } from './ConnectProblem.js';
import type { Read } from './connectorReads.js';
import { checkReads } from './checkReads.js';
import type { Declaration } from './Declaration.js';
import type { Draft } from './Draft.js';
import { addKey, keyTree } from './KeyTree.js';
import type { KeyTree } from './KeyTree.js';
import { Reach } from './Reach.js';
import { isListType } from './SubgraphTypes.js';
import type { SubgraphTypes } from './SubgraphTypes.js';

/** What the connectors of one subgraph have in common. */
export interface DraftSetting {
  readonly types: SubgraphTypes;
  readonly version: Mapping['version'];
  /** What connectors read themselves and through their source. */
  readonly readsOf: (declaration: Declaration) => readonly Read[];
  /** The declared keys of a type, as paths. */
  readonly keysOf: (typeName: string) => readonly KeyTree[];
  /** Whether the schema says that a field is another subgraph's. */
  readonly isExternal: (typeName: string, fieldName: string) => boolean;
  readonly report: (problem: ConnectProblem) => void;
}

/** Checks a connector against its schema and finds out what it needs of it. Undefined when it is wrong; why has been reported. */
export function draftConnector(declaration: Declaration, setting: DraftSetting): Draft | undefined {
  const { types, version, report } = setting;
  const { directive, texts, typeName, field } = declaration;
  const selectionNode = argumentNode(directive, 'selection');
  const fail: Fail = (code, message, node = directive, offset) => {
    report({ code, message: `${coordinateOf(declaration)}: ${message}`, node, offset });
    return undefined;
  };
  const reads = setting.readsOf(declaration);
  const isReadable = checkReads(declaration, reads, types, fail);
  const parsed = parseSelection(texts.selection, { specVersion: version });
  if (!parsed.ok || !isReadable) return undefined;
  const shape = outputShape(parsed.value);
  const reach = new Reach(types);
  const outputType = field === undefined ? typeName : namedType(field.type);
  if (field !== undefined) reach.addField(typeName, field.name.value);
  const holder = field === undefined ? undefined : `${typeName}.${field.name.value}`;
  reach.addOutput(outputType, shape, holder, 0);
  for (const { code, message, offset } of reach.problems) fail(code, message, selectionNode, offset);
  if (reach.problems.length > 0) return undefined;

  const key = keyOf(declaration, reads, setting);
  if (typeof key === 'string') return fail('CONNECTOR_INVALID_KEY', key);
  if (key === undefined) return { declaration, reach, outputType, entry: undefined };
  const entryType = declaration.root === undefined ? typeName : outputType;
  const requires = requiredOf(declaration, reads, setting);
  const why = addKey(types, reach, entryType, key) ?? addKey(types, reach, entryType, requires);
  if (why !== undefined) return fail('CONNECTOR_INVALID_KEY', why);
  if (reads.some(({ variable }) => variable === '$batch')) {
    const missing = missingKey(shape, key);
    if (missing !== undefined) {
      return fail(
        'CONNECTOR_INVALID_KEY',
        `the mapping must give the key ${missing}, so that answers find their objects`,
        selectionNode,
      );
    }
  }
  // Without a key of the schema nothing leads from here to what is required: then all of it is the key, as in Apollo's expansion.
  const isKey = requires.size === 0 || setting.keysOf(entryType).some((declared) => covers(key, declared));
  const given = field !== undefined && declaration.root === undefined ? [field.name.value] : fieldsOf(shape);
  return {
    declaration,
    reach,
    outputType,
    entry: {
      typeName: entryType,
      key: isKey ? key : new Map([...key, ...requires]),
      external: new Set(isKey ? [] : requires.keys()),
      requires: isKey ? requires : new Map(),
      fields: new Set([...key.keys(), ...given]),
    },
  };
}

/** By which key objects are looked up; undefined for none, a text for what is wrong. */
function keyOf(declaration: Declaration, reads: readonly Read[], setting: DraftSetting): KeyTree | undefined | string {
  const { types, keysOf } = setting;
  const { texts, typeName, field, root } = declaration;
  const of = (variable: string): KeyTree =>
    keyTree(reads.flatMap((read) => (read.variable === variable ? [read.path] : [])));
  if (root === undefined) {
    if (texts.entity && field !== undefined) return 'entity: true is for fields of Query';
    const required = requiredOf(declaration, reads, setting);
    const own = [...of('$this'), ...of('$batch')].filter(([name]) => !required.has(name));
    const key = keyTree(own.flatMap((each) => printable(new Map([each]))));
    if (key.size > 0) return key;
    if (field === undefined) return 'it must read $this or $batch, which say what to look up';
    // Without inputs of its own it gives the same to all, or goes by what others give: any key leads to it.
    const [declared] = keysOf(typeName);
    return declared ?? `it reads no field of $this that ${typeName} has here, and ${typeName} has no @key`;
  }
  if (!texts.entity) return undefined;
  if (root === 'mutation') return 'entity: true is for fields of Query';
  const output = namedType(field!.type);
  if (isListType(field!.type) || types.type(output)?.kind !== 'object') {
    return 'entity: true is for fields that give one object: a list cannot be looked up by a key';
  }
  const key = of('$args');
  if (key.size === 0)
    return 'entity: true needs arguments in the request, by whose names the fields of the key are known';
  for (const name of key.keys()) {
    const argument = field!.arguments?.find((each) => each.name.value === name);
    const keyField = types.field(output, name);
    if (
      argument !== undefined &&
      keyField !== undefined &&
      types.type(namedType(argument.type))?.kind !== 'input' &&
      namedType(argument.type) !== namedType(keyField.type)
    ) {
      return `argument ${name} is of type ${namedType(argument.type)}, and ${output}.${name} of type ${namedType(keyField.type)}`;
    }
  }
  return key;
}

/** What a field reads of `$this` that is another subgraph's. */
function requiredOf(
  { typeName, field, root }: Declaration,
  reads: readonly Read[],
  { isExternal }: DraftSetting,
): KeyTree {
  if (field === undefined || root !== undefined) return new Map();
  const isRequired = ({ variable, path }: Read): boolean => variable === '$this' && isExternal(typeName, path[0]!);
  return keyTree(reads.filter(isRequired).map(({ path }) => path));
}

/** Whether a tree has all paths of another one. */
function covers(tree: KeyTree, other: KeyTree): boolean {
  return [...other].every(([name, inner]) => {
    const own = tree.get(name);
    return own !== undefined && covers(own, inner);
  });
}

/** The paths of a tree. */
function printable(tree: KeyTree, prefix: readonly string[] = []): ReadonlyArray<readonly string[]> {
  return [...tree].flatMap(([name, inner]) =>
    inner.size === 0 ? [[...prefix, name]] : printable(inner, [...prefix, name]),
  );
}

function missingKey(shape: OutputShape, key: KeyTree, prefix = ''): string | undefined {
  for (const [name, inner] of key) {
    const field = shape.kind === 'object' ? shape.fields.get(name) : undefined;
    if (field === undefined) return `${prefix}${name}`;
    const deeper = missingKey(field.shape, inner, `${prefix}${name}.`);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function fieldsOf(shape: OutputShape): readonly string[] {
  return shape.kind === 'object' ? [...shape.fields.keys()] : [];
}

function coordinateOf({ typeName, field }: Declaration): string {
  return field === undefined ? typeName : `${typeName}.${field.name.value}`;
}
