/** The command that the other person types to join. */
export const joinLine = (call: string, link: string, name = "<your-name>"): string =>
  `${call} join '${link}' --name ${name}`;
