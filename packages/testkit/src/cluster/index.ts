export { tableOfMatrix } from "./matrix-table.ts";
export { clusterBugs } from "./orders.ts";
export { describeMatrix, type MatrixOptions, type MatrixResult, runMatrix } from "./run-matrix.ts";
