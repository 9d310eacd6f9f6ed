import type { DeviceBug } from "./device-verbs.ts";

/** What a device process is told to do. */
export interface DeviceOrders {
  readonly home: string;
  readonly name: string;
  readonly peers: readonly string[];
  /** counts the runs of this home */
  readonly run: number;
  readonly seed: number;
  /** mean pause between two messages */
  readonly gapMs: number;
  /** `name:passing`, or nothing */
  readonly failpoint: string;
  readonly bug?: DeviceBug | undefined;
}

export type BrokerBug = "early-reply";

/** What a broker process is told to do. */
export interface BrokerOrders {
  readonly folder: string;
  readonly publicUrl: string;
  readonly failpoint: string;
  readonly bug?: BrokerBug | undefined;
}
