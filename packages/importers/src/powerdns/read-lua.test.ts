import fc from 'fast-check'
import type { LuaExpression, LuaStatement } from './lua-syntax.ts'
import { readLua } from './read-lua.ts'

/** An expression in a form of its own: calls with parentheses, tables with all their keys. */
function print(expression: LuaExpression | undefined): string {
  switch (expression?.kind) {
    case undefined:
      return ''
    case 'string':
      return JSON.stringify(expression.text)
    case 'number':
      return String(expression.value)
    case 'constant':
      return expression.value === undefined ? 'nil' : String(expression.value)
    case 'name':
      return expression.name
    case 'call':
      return `${expression.name}(${expression.arguments.map(print).join(', ')})`
    case 'table':
      return `{${expression.fields.map(({ key, value }) => (key === undefined ? '' : `[${print(key)}]=`) + print(value)).join(', ')}}`
    case 'not':
      return `not ${print(expression.operand)}`
    case 'binary':
      return `(${print(expression.left)} ${expression.operator} ${print(expression.right)})`
  }
}

function printBlock(block: readonly LuaStatement[]): string {
  return block
    .map((statement) => {
      switch (statement.kind) {
        case 'return':
          return `return ${print(statement.value)}`
        case 'assign':
          return `${statement.name} = ${print(statement.value)}`
        case 'call':
          return print(statement.call)
        case 'if': {
          const branches = statement.branches.map(
            ({ condition, block: inner }) => `if ${print(condition)} { ${printBlock(inner)} }`,
          )
          return `${branches.join(' else')}${statement.otherwise === undefined ? '' : ` else { ${printBlock(statement.otherwise)} }`}`
        }
      }
      return ''
    })
    .join('; ')
}

function read(text: string): string {
  const found = readLua(text)
  return 'message' in found ? `${found.at}: ${found.message}` : printBlock(found)
}

test.each([
  ['an expression is returned', "ifportup(443, {'192.0.2.1'})", 'return ifportup(443, {"192.0.2.1"})'],
  ['a call without parentheses', "all{'a'}", 'return all({"a"})'],
  ['a call of a text', "include 'config'", 'return include("config")'],
  ['keys of tables', "{a='b', ['c']='d'; 5,}", 'return {["a"]="b", ["c"]="d", 5}'],
  [
    'texts in each way',
    `{'a\\'b', "c\\065\\x42\\z  d", [[e"f]], [=[g]]h]=]}`,
    'return {"a\'b", "cABd", "e\\"f", "g]]h"}',
  ],
  ['numbers', '{1, 0x1F, 1.5, .5, 1e3}', 'return {1, 31, 1.5, 0.5, 1000}'],
  ['not before and, and before or', 'not a and b or c == d', 'return ((not a and b) or (c == d))'],
  ['parentheses', '(a or b) and c', 'return ((a or b) and c)'],
  ['comments', '-- x\nall({}) --[[ y\n]] -- z', 'return all({})'],
  ['statements', ";local a = {1}; b = 'c' include('d') return a", 'a = {1}; b = "c"; include("d"); return a'],
  [
    'conditions',
    '; if a then return 1 elseif b then return 2 else return 3 end',
    'if a { return 1 } elseif b { return 2 } else { return 3 }',
  ],
  ['a return of nothing', ';if a then return end', 'if a { return  }'],
  ['constants', '{true, false, nil}', 'return {true, false, nil}'],
])('reads %s', (_, text, printed) => expect(read(text)).toBe(printed))

test.each([
  ['methods', 'bestwho:toString()', '7: ":" here is beyond what is read of Lua'],
  ['fields', 'os.date()', '2: "." here is beyond what is read of Lua'],
  ['concatenation', "'a'..'b'", '3: ".." here is beyond what is read of Lua'],
  ['functions', ';function f() end', '1: "function" here is beyond what is read of Lua'],
  ['loops', ';for i=1,2 do end', '1: "for" here is beyond what is read of Lua'],
  ['an open text', "all('a", '4: this string is not closed'],
  ['an open bracket', 'all({1', '6: the code ends too early'],
  ['an open condition', ';if a then return 1', '19: the code ends where "end" is expected'],
  ['what is no Lua', 'all(€)', '4: "€" is no Lua'],
  ['two expressions', 'a b', '2: "b" here is beyond what is read of Lua'],
  ['a statement that is none', ';a and b', '1: this is no statement'],
])('says where %s are', (_, text, fault) => expect(read(text)).toBe(fault))

test('any text is read or refused, and a fault is in the text', () => {
  const unit = fc.constantFrom(
    'a',
    'if',
    ' ',
    'then',
    'end',
    'return',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '=',
    ',',
    ';',
    "'",
    '"',
    '\\',
    '1',
    'not',
    '-',
    '--',
    '\n',
    '.',
    'é',
  )
  const text = fc.oneof(
    fc.array(unit, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  fc.assert(
    fc.property(text, fc.boolean(), (source, isBlock) => {
      const whole = isBlock ? `;${source}` : source
      const found = readLua(whole)
      if (!('message' in found)) return
      expect(found.at).toBeGreaterThanOrEqual(0)
      expect(found.at).toBeLessThanOrEqual(whole.length)
    }),
    { numRuns: 3000 },
  )
})

test('deep nesting is refused, not run out of stack for', () => {
  for (const open of ['(', '{', 'not ', 'f{', 'f('])
    expect(read(open.repeat(50_000))).toMatch(/too many levels inside each other/)
  expect(read(`;${'if a then '.repeat(50_000)}`)).toMatch(/too many levels inside each other/)
})
