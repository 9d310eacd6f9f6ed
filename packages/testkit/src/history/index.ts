export { checkHistory, type HistoryReport, isClean, type Lost, lostOf } from "./check.ts";
export type { HistoryEvent, Report } from "./event.ts";
export { History } from "./history.ts";
