import assert from "node:assert/strict";
import { test } from "node:test";
import { searchWords } from "./search-words.ts";

const of = (text: string) => {
  const { words, parts, singles } = searchWords(text);
  return [words, parts, singles].map((one) => one.join(" "));
};

test("words are letters and digits in lower case, without accents, in every script", () => {
  assert.deepEqual(of("Größe der Straße: naïve, ÉTÉ!"), ["grosse der strasse naive ete", "", ""]);
  assert.deepEqual(of("src/store.ts:42 a_b-c v2.1"), ["src store ts 42 a b c v2 1", "", ""]);
  assert.deepEqual(of("Ключ обновлён 한국어 ﬁle ①"), ["ключ обновлен 한국어 file 1", "", ""]);
  assert.deepEqual(of(" .,;— 🚀 "), ["", "", ""]);
});

test("an identifier is itself and what it is put together from", () => {
  assert.deepEqual(of("getUserById"), ["getuserbyid", "get user by id", ""]);
  assert.deepEqual(searchWords("calls getUserById twice").apart, [
    "calls",
    "get",
    "user",
    "by",
    "id",
    "twice",
  ]);
  assert.deepEqual(searchWords("no identifier").apart, []);
  assert.deepEqual(of("parseHTTPRequest2Body"), [
    "parsehttprequest2body",
    "parse http request2 body",
    "",
  ]);
  assert.deepEqual(of("MAX_RETRIES TypeError"), ["max retries typeerror", "type error", ""]);
});

test("where no spaces are written, neighbouring pairs stand for words", () => {
  assert.deepEqual(of("数据库迁移"), ["数据 据库 库迁 迁移", "", "数 据 库 迁 移"]);
  assert.deepEqual(of("東京Tower 駅"), ["東京 tower 駅", "", "東 京"]);
});
