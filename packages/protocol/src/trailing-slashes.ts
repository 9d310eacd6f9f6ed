/** A URL or path without the slashes at its end. The look-behind keeps the search linear in a text that is mostly slashes. */
export const withoutTrailingSlashes = (url: string): string => url.replace(/(?<!\/)\/+$/, "");
