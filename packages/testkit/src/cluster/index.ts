export { clusterBugs } from "./orders.ts";
export { describeMatrix, type MatrixOptions, type MatrixResult, runMatrix } from "./run-matrix.ts";
