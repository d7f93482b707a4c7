/** @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests?: number, numTodoTests?: number, success: boolean }} Report */

/**
 * What a run of tests comes to. A run that reports no failed test may have failed all the same (a file that does not
 * load, a worker that died), and a run of no tests or of skipped ones shows nothing: each counts as failed.
 * @param {() => Report} readReport throws when the run wrote none
 * @param {boolean} hasFailed whether the test program itself ended with a failure
 * @returns {{ passed: number, failed: number, remarks: string[] }}
 */
export function sumOf(readReport, hasFailed) {
  /** @type {Report} */
  let report;
  try {
    report = readReport();
  } catch {
    return { passed: 0, failed: 1, remarks: ['the run ended without a report'] };
  }
  const remarks = [];
  let failed = report.numFailedTests;
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  if (skipped > 0) {
    remarks.push(`${skipped} tests were skipped; a skipped test shows nothing`);
    failed += skipped;
  }
  if (report.numPassedTests + failed === 0) remarks.push('no test was run');
  if ((hasFailed || !report.success || remarks.length > 0) && failed === 0) failed = 1;
  return { passed: report.numPassedTests, failed, remarks };
}
