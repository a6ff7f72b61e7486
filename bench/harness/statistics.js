export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}

/** `0.93 [0.91..0.96]` */
export function spread(values, digits = 2) {
  const range =
    values.length > 1 ? ` [${Math.min(...values).toFixed(digits)}..${Math.max(...values).toFixed(digits)}]` : ''
  return `${median(values).toFixed(digits)}${range}`
}
