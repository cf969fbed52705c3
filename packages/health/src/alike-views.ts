import { equalViews, type ViewState } from './target-state.ts'

/**
 * The views that a step made lately. Many are alike, and those are kept as one value: ten thousand targets seen from ten
 * vantages are otherwise a hundred thousand values.
 */
export class AlikeViews {
  readonly #recent: ViewState[] = []
  #oldest = 0

  /** The one that is kept of those like this. */
  share(view: ViewState): ViewState {
    for (const known of this.#recent) if (equalViews(known, view)) return known
    this.#recent[this.#oldest] = view
    this.#oldest = (this.#oldest + 1) % KEPT
    return view
  }
}

const KEPT = 8
