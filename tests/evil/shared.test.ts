import { sharedLies } from "@claudemesh/testkit/evil";
import { tellLies } from "./tell-lies.ts";

tellLies(sharedLies);
