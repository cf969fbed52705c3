import { type DocumentPath, entriesInOrder, placeOf, type SourceDocument } from '@windrose/config/document'
import type { Place } from '@windrose/dns'

/** A value inside a YAML or JSON document that knows where it is. Nothing is there that is not of the wanted kind. */
export class JsonView {
  readonly #document: SourceDocument
  readonly #path: DocumentPath
  readonly value: unknown

  constructor(document: SourceDocument, path: DocumentPath = [], value: unknown = document.value) {
    this.#document = document
    this.#path = path
    this.value = value
  }

  get place(): Place {
    return placeOf(this.#document, this.#path, 'value')
  }

  /** Where the key of this value stands, when it is one of a mapping. */
  get keyPlace(): Place {
    return placeOf(this.#document, this.#path, 'key')
  }

  get isMap(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)
  }

  /** The value of a key; undefined when there is none. */
  at(key: string): JsonView | undefined {
    if (!this.isMap || !Object.hasOwn(this.value as object, key)) return undefined
    return this.#child(key, (this.value as Record<string, unknown>)[key])
  }

  /** The items of a list; none where this is no list. */
  items(): JsonView[] {
    return Array.isArray(this.value) ? this.value.map((item, i) => this.#child(i, item)) : []
  }

  /** The items of a list, or the value alone. */
  itemsOrSelf(): JsonView[] {
    return Array.isArray(this.value) ? this.items() : [this]
  }

  /** The entries of a mapping in the order of the file; none where this is no mapping. */
  entries(): [key: string, value: JsonView][] {
    if (!this.isMap) return []
    const entries = entriesInOrder(this.#document, this.#path, this.value as Record<string, unknown>)
    return entries.map(([key, value]) => [key, this.#child(key, value)])
  }

  /** A text; a number counts as its digits. */
  text(key: string): string | undefined {
    return this.at(key)?.asText
  }

  get asText(): string | undefined {
    return typeof this.value === 'string' || typeof this.value === 'number' ? String(this.value) : undefined
  }

  /** A number, also one in quotes. */
  number(key: string): number | undefined {
    const text = this.text(key)
    const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
    return Number.isFinite(value) ? value : undefined
  }

  boolean(key: string): boolean | undefined {
    const value = this.at(key)?.value
    return typeof value === 'boolean' ? value : undefined
  }

  #child(segment: string | number, value: unknown): JsonView {
    return new JsonView(this.#document, [...this.#path, segment], value)
  }
}
