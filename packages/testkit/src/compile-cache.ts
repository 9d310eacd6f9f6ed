/**
 * What a test that gives its programs an environment of their own passes on: where Node keeps compiled code
 * (https://nodejs.org/api/module.html#module-compile-cache). Without it each program compiles every module again.
 */
export const compileCache: Readonly<Record<string, string>> =
  process.env.NODE_COMPILE_CACHE === undefined
    ? {}
    : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };
