/**
 * Parse functions for the custom scalars. A schema built from introspection accepts anything for them
 * (`startsAt: "nonsense"` passed as a DateTime); with these the sandbox refuses what Shopify would refuse.
 */
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import type { GraphQLSchema } from 'graphql';

type Parse = (value: unknown) => unknown;

const text: Parse = (value) => (typeof value === 'string' ? value : fail());
const matching =
  (pattern: RegExp): Parse =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : fail();
const decimal: Parse = (value) => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value) ? value : fail();
};
const wholeNumber =
  (least: bigint, greatest: bigint): Parse =>
  (value) => {
    const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
    if (typeof digits !== 'string' || !/^-?\d{1,20}$/.test(digits)) return fail();
    const number = BigInt(digits);
    return number >= least && number <= greatest ? digits : fail();
  };

const PARSERS: Record<string, Parse> = {
  ARN: matching(/^arn:[^:\s]+:[^:\s]+:/),
  BigInt: wholeNumber(-(2n ** 63n), 2n ** 63n - 1n),
  Color: matching(/^#[0-9a-f]{6}$/i),
  Date: (value) => parseDate(value, /^\d{4}-\d{2}-\d{2}$/),
  DateTime: (value) =>
    parseDate(value, /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/),
  Decimal: decimal,
  FormattedString: text,
  HTML: text,
  JSON: (value) => value,
  Money: decimal,
  StorefrontID: text,
  URL: (value) => (typeof value === 'string' && URL.canParse(value) ? value : fail()),
  UnsignedInt64: wholeNumber(0n, 2n ** 64n - 1n),
  UtcOffset: matching(/^[+-]\d{2}:\d{2}$/),
};

/** @throws when the schema has a custom scalar that has no parse function here */
export function installScalars(schema: GraphQLSchema): void {
  const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(type instanceof GraphQLScalarType) || builtIn.has(type.name)) continue;
    const parse = PARSERS[type.name];
    if (!parse) throw new Error(`The scalar ${type.name} has no parse function.`);
    const parseNamed: Parse = (value) => {
      try {
        return parse(value);
      } catch {
        throw new GraphQLError(`invalid value for ${type.name}: ${JSON.stringify(value)}`);
      }
    };
    type.parseValue = parseNamed;
    type.parseLiteral = (node, variables) =>
      // A number written out loses nothing: 18446744073709551615 is not a JS number.
      parseNamed(node.kind === Kind.INT ? node.value : valueFromASTUntyped(node, variables));
  }
}

function parseDate(value: unknown, pattern: RegExp): unknown {
  if (typeof value !== 'string' || !pattern.test(value)) return fail();
  return Number.isNaN(Date.parse(value)) ? fail() : value;
}

function fail(): never {
  throw new TypeError('invalid');
}
