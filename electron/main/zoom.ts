/** Steps of the zoom, as browsers have them, within what the layout bears. */
const steps = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const;

/** The factor after one step; between steps the next one in that direction counts. */
export function nextZoom(factor: number, direction: 'in' | 'out' | 'reset'): number {
  if (direction === 'reset') return 1;
  if (direction === 'in') return steps.find((step) => step > factor + 0.001) ?? steps[steps.length - 1] ?? 1;
  return steps.findLast((step) => step < factor - 0.001) ?? steps[0];
}
