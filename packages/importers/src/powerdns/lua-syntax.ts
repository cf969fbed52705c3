/** The part of Lua that records are read in. Places are offsets into the text. */
export type LuaExpression =
  | { readonly kind: 'string'; readonly at: number; readonly text: string }
  | { readonly kind: 'number'; readonly at: number; readonly value: number }
  | { readonly kind: 'constant'; readonly at: number; readonly value: boolean | undefined }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'table'; readonly at: number; readonly fields: readonly LuaField[] }
  | { readonly kind: 'call'; readonly at: number; readonly name: string; readonly arguments: readonly LuaExpression[] }
  | { readonly kind: 'not'; readonly at: number; readonly operand: LuaExpression }
  | {
      readonly kind: 'binary'
      readonly at: number
      readonly operator: 'and' | 'or' | '==' | '~='
      readonly left: LuaExpression
      readonly right: LuaExpression
    }

/** A field of a table: without a key it is the next one of a list. */
export interface LuaField {
  readonly key: LuaExpression | undefined
  readonly value: LuaExpression
}

export type LuaStatement =
  | { readonly kind: 'return'; readonly at: number; readonly value: LuaExpression | undefined }
  | { readonly kind: 'assign'; readonly at: number; readonly name: string; readonly value: LuaExpression }
  | { readonly kind: 'call'; readonly at: number; readonly call: LuaExpression & { readonly kind: 'call' } }
  | {
      readonly kind: 'if'
      readonly at: number
      readonly branches: readonly { readonly condition: LuaExpression; readonly block: readonly LuaStatement[] }[]
      readonly otherwise: readonly LuaStatement[] | undefined
    }

/** Why a text is not read, and where. */
export interface LuaFault {
  readonly at: number
  readonly message: string
}
