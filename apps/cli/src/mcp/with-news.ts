import type { ToolSet } from "./mcp-server.ts";

/**
 * Tools whose answers carry, behind what they answer, what the session is to be told: where no hook speaks to an agent, that is how it hears of the mesh. `ask` answers it, or an
 * empty text; where that fails, the tool's answer stays as it is.
 */
export const withNews = (tools: ToolSet, ask: () => Promise<string>): ToolSet => ({
  list: () => tools.list(),
  call: async (name, input) => {
    const answer = await tools.call(name, input);
    if (answer.isError) return answer;
    const news = await ask().catch(() => "");
    if (news === "") return answer;
    return { ...answer, content: [...answer.content, { type: "text", text: news }] };
  },
});
