import { validate, parse, getVariableValues, isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { adminSchema } from '../../../sandbox/graphql/schema.ts';

const scalar = (name: string) => {
  const type = adminSchema().getType(name);
  if (!isScalarType(type)) throw new Error(`${name} is no scalar`);
  return type;
};

describe('custom scalars', () => {
  it.each([
    [
      'DateTime',
      ['2026-11-22T00:00:00Z', '2026-11-22T01:02:03.456+01:00', '2026-11-22'],
      ['nonsense', '2026-13-01T00:00:00Z', 5],
    ],
    ['Date', ['2026-11-22'], ['2026-11-22T00:00:00Z', '2026-99-01']],
    ['Decimal', ['29.99', '-1', 5, 0.1], ['1,5', '', 'NaN', '1e5']],
    ['Money', ['100.57'], ['$1']],
    ['UnsignedInt64', ['0', '18446744073709551615', 42], ['-1', '18446744073709551616', '1.5', 1.5]],
    ['BigInt', ['-9223372036854775808'], ['9223372036854775808']],
    ['URL', ['https://example.com/a?b'], ['/relative', 'x']],
    ['Color', ['#6A8D48'], ['red']],
    ['UtcOffset', ['-07:00'], ['7']],
    ['ARN', ['arn:aws:events:us-east-1::event-source/x'], ['x']],
    ['HTML', ['<b>x</b>'], [5]],
    ['JSON', [{ a: 1 }, 'x'], []],
  ])('%s', (name, good, bad) => {
    for (const value of good) expect(() => scalar(name).parseValue(value)).not.toThrow();
    for (const value of bad)
      expect(() => scalar(name).parseValue(value)).toThrow(`invalid value for ${name}`);
  });

  it('are checked in literals and in variables', () => {
    const literal = parse(
      'mutation { stagedUploadsCreate(input: [{resource: FILE, filename: "f", mimeType: "m", fileSize: "-5"}]) { userErrors { message } } }',
    );
    expect(validate(adminSchema(), literal)[0]?.message).toContain('UnsignedInt64');
    const document = parse('query($i: [StagedUploadInput!]!) { shop { id } }');
    const [definition] = document.definitions;
    if (definition?.kind !== 'OperationDefinition') throw new Error('no operation');
    const input = { resource: 'FILE', filename: 'f', mimeType: 'm', fileSize: 'many' };
    const coerced = getVariableValues(adminSchema(), definition.variableDefinitions ?? [], { i: [input] });
    expect(coerced.errors?.[0]?.message).toContain('UnsignedInt64');
  });
});
