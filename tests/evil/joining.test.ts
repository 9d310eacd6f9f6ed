import { joinLies } from "@claudemesh/testkit/evil";
import { tellLies } from "./tell-lies.ts";

tellLies(joinLies);
