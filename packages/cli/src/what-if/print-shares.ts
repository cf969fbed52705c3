/** `25.3 %`; what is there and too little to show is `<0.1 %`. */
export function printShare(share: number): string {
  if (share === 0) return '0 %'
  if (share < 0.0005) return '<0.1 %'
  if (share > 0.9995 && share < 1 - 1e-9) return '>99.9 %'
  const percent = share * 100
  return `${percent > 99.95 ? '100' : percent.toFixed(1)} %`
}

/** `14,408,155`, `32.9 billion`: as many digits as say something. */
export function printCount(count: number): string {
  if (count >= 1e12) return `${(count / 1e12).toFixed(1)} trillion`
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} billion`
  if (count >= 1e8) return `${Math.round(count / 1e6).toLocaleString('en-US')} million`
  return count.toLocaleString('en-US', { maximumFractionDigits: count < 10 ? 2 : 0 })
}

/** Queries a second. */
export function printRate(rate: number): string {
  return `${rate.toLocaleString('en-US', { maximumFractionDigits: rate < 10 ? 1 : 0 })}/s`
}

/** How clients that are given no address are called. */
export const NOBODY = 'no answer'

export function printSite(site: string | null): string {
  return site ?? NOBODY
}
