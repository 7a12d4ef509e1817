/**
 * Text -> tree. OR binds weaker than AND, AND weaker than NOT; keywords in any case. What the reference leaves open
 * (assumptions): NOT may stand before a clause or a bracket; an unknown filter is named at its place.
 */
import { ATTRIBUTES, type Attribute, type AttributeType } from './attributes.ts';
import { SegmentQueryFault, type Comparator, type QueryNode, type QueryValue, type Test } from './query.ts';
import { tokensOf, type Token } from './tokens.ts';

const MOST_IN_A_LIST = 500;
const DEEPEST = 20;

/** @throws SegmentQueryFault with line and column */
export function parseSegmentQuery(query: string): QueryNode {
  const parser = new Parser(query);
  return parser.whole();
}

class Parser {
  readonly #query: string;
  readonly #tokens: Token[];
  #next = 0;

  constructor(query: string) {
    this.#query = query;
    this.#tokens = tokensOf(query);
  }

  whole(): QueryNode {
    const node = this.#or(0);
    if (this.#peek().kind !== 'end') throw this.#unexpected();
    return node;
  }

  #or(depth: number): QueryNode {
    const nodes = [this.#and(depth)];
    while (this.#takeWord('OR')) nodes.push(this.#and(depth));
    return nodes.length === 1 && nodes[0] ? nodes[0] : { or: nodes };
  }

  #and(depth: number): QueryNode {
    const nodes = [this.#not(depth)];
    while (this.#takeWord('AND')) nodes.push(this.#not(depth));
    return nodes.length === 1 && nodes[0] ? nodes[0] : { and: nodes };
  }

  #not(depth: number): QueryNode {
    if (depth > DEEPEST) throw this.#fault(this.#peek(), 'The query is nested too deep.');
    if (this.#takeWord('NOT')) return { not: this.#not(depth + 1) };
    if (this.#takeSign('(')) {
      const node = this.#or(depth + 1);
      this.#expectSign(')');
      return node;
    }
    return this.#clause();
  }

  #clause(): QueryNode {
    const name = this.#peek();
    if (name.kind !== 'word') throw this.#unexpected();
    this.#next += 1;
    const attribute = Object.hasOwn(ATTRIBUTES, name.text) ? ATTRIBUTES[name.text] : undefined;
    // What follows a name is judged first, then the name; both are told.
    const missing = { at: name.at, what: `'${name.text}' filter cannot be found.` };
    if (!this.#isOperator(this.#peek())) throw this.#unexpected(this.#peek(), attribute ? [] : [missing]);
    if (!attribute) throw this.#fault(name, missing.what);
    return { attribute: name.text, test: this.#test(attribute) };
  }

  #test(attribute: Attribute): Test {
    const operator = this.#peek();
    if (this.#takeWord('IS')) {
      const negated = this.#takeWord('NOT');
      if (!this.#takeWord('NULL')) throw this.#unexpected();
      return { op: 'null', negated };
    }
    const negated = this.#takeWord('NOT');
    if (this.#takeWord('MATCHES')) {
      if (attribute.type !== 'event') throw this.#unexpected(operator);
      return { op: 'matches', parameters: this.#parameters(attribute.parameters ?? {}), negated };
    }
    if (attribute.type === 'event') throw this.#unexpected(operator);
    if (this.#takeWord('CONTAINS')) {
      if (attribute.type !== 'list') throw this.#unexpected(operator);
      return { op: 'contains', value: this.#value('list', attribute), negated };
    }
    if (attribute.type === 'list') throw this.#unexpected(operator);
    if (this.#takeWord('IN')) return { op: 'in', values: this.#values(attribute.type, attribute), negated };
    if (negated) throw this.#unexpected();
    return this.#comparison(attribute.type, attribute);
  }

  #comparison(type: AttributeType, attribute?: Attribute): Test {
    const operator = this.#peek();
    if (this.#takeWord('BETWEEN')) {
      if (type === 'choice') throw this.#unexpected(operator);
      const from = this.#value(type, attribute);
      if (!this.#takeWord('AND')) throw this.#unexpected();
      return { op: 'between', from, to: this.#value(type, attribute) };
    }
    const comparator = operator.text as Comparator;
    if (operator.kind !== 'sign' || !['=', '!=', '<', '<=', '>', '>='].includes(comparator)) {
      throw this.#unexpected();
    }
    if (type === 'choice' && comparator !== '=' && comparator !== '!=') throw this.#unexpected();
    this.#next += 1;
    return { op: 'compare', comparator, value: this.#value(type, attribute) };
  }

  #parameters(known: Readonly<Record<string, AttributeType>>): { name: string; test: Test }[] {
    const parameters: { name: string; test: Test }[] = [];
    this.#expectSign('(');
    while (!this.#takeSign(')')) {
      if (parameters.length > 0) this.#expectSign(',');
      const name = this.#peek();
      const type = Object.hasOwn(known, name.text) ? known[name.text] : undefined;
      if (name.kind !== 'word') throw this.#unexpected();
      if (!type) throw this.#fault(name, `'${name.text}' parameter cannot be found.`);
      if (parameters.some((parameter) => parameter.name === name.text)) {
        throw this.#fault(name, `'${name.text}' can be used only once.`);
      }
      this.#next += 1;
      const negated = this.#takeWord('NOT');
      const test: Test = this.#takeWord('IN')
        ? { op: 'in', values: this.#values(type), negated }
        : this.#comparison(type);
      parameters.push({ name: name.text, test });
    }
    return parameters;
  }

  #values(type: AttributeType, attribute?: Attribute): QueryValue[] {
    const values: QueryValue[] = [];
    this.#expectSign('(');
    do values.push(this.#value(type, attribute));
    while (this.#takeSign(','));
    const end = this.#peek();
    this.#expectSign(')');
    if (values.length > MOST_IN_A_LIST)
      throw this.#fault(end, `A list takes ${MOST_IN_A_LIST} values at most.`);
    return values;
  }

  #value(type: AttributeType, attribute?: Attribute): QueryValue {
    const token = this.#peek();
    const value = valueOf(token);
    const fits =
      value !== undefined &&
      (type === 'date'
        ? value.kind === 'date' || value.kind === 'relative'
        : type === 'number'
          ? value.kind === 'number'
          : value.kind === 'text');
    if (!fits) throw this.#unexpected();
    if (
      attribute?.choices &&
      value.kind === 'text' &&
      !attribute.choices.includes(value.value.toUpperCase())
    ) {
      throw this.#fault(token, `'${value.value}' is not a value of this filter.`);
    }
    this.#next += 1;
    return value;
  }

  #isOperator(token: Token): boolean {
    if (token.kind === 'sign') return ['=', '!=', '<', '<=', '>', '>='].includes(token.text);
    const words = ['IS', 'NOT', 'MATCHES', 'CONTAINS', 'IN', 'BETWEEN'];
    return token.kind === 'word' && words.includes(token.text.toUpperCase());
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', at: this.#query.length };
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || token.text.toUpperCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #takeSign(sign: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.#next += 1;
    return true;
  }

  #expectSign(sign: string): void {
    if (!this.#takeSign(sign)) throw this.#unexpected();
  }

  #unexpected(token = this.#peek(), also: { at: number; what: string }[] = []): SegmentQueryFault {
    return token.kind === 'end'
      ? this.#fault(token, 'The query ends too early.', also)
      : this.#fault(token, `'${token.text}' is unexpected.`, also);
  }

  #fault(token: Token, what: string, also: { at: number; what: string }[] = []): SegmentQueryFault {
    return new SegmentQueryFault(this.#query, token.at, what, also);
  }
}

const NAMED_DATE = /^(\d+)_(day|week|month|year)s?_ago$/;
const UNITS: Readonly<Record<string, 'd' | 'w' | 'm' | 'y'>> = { day: 'd', week: 'w', month: 'm', year: 'y' };

function valueOf({ kind, text }: Token): QueryValue | undefined {
  switch (kind) {
    case 'number':
      return { kind, value: Number(text) };
    case 'text':
      return { kind, value: text };
    case 'date':
      return isDate(text) ? { kind, value: text } : undefined;
    case 'offset':
      return {
        kind: 'relative',
        amount: Number(text.slice(0, -1)),
        unit: text.slice(-1) as 'd' | 'w' | 'm' | 'y',
      };
    case 'word': {
      const word = text.toLowerCase();
      if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
      if (word === 'today') return { kind: 'relative', amount: 0, unit: 'd' };
      if (word === 'yesterday') return { kind: 'relative', amount: -1, unit: 'd' };
      const [, amount, unit] = NAMED_DATE.exec(word) ?? [];
      const short = unit === undefined ? undefined : UNITS[unit];
      return short ? { kind: 'relative', amount: -Number(amount), unit: short } : undefined;
    }
    case 'sign':
    case 'end':
      return undefined;
  }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
