export function homeFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  userFolder: string,
): string;
