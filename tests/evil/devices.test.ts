import { deviceLies } from "@claudemesh/testkit/evil";
import { tellLies } from "./tell-lies.ts";

tellLies(deviceLies);
