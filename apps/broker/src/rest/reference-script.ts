/** The script of the reference page: lists the routes of `/v1/openapi.json` and sends requests. It writes text only, never HTML. */
export const referenceScript = `"use strict";
const make = (tag, text, parent) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.append(element);
  return element;
};
const routes = document.getElementById("routes");
const key = document.getElementById("key");
const search = document.getElementById("search");

const sample = (schema = {}) => {
  const given = {};
  for (const name of schema.required ?? []) {
    const field = schema.properties?.[name] ?? {};
    given[name] = field.enum?.[0] ?? { array: [], integer: 1, object: {}, boolean: false }[field.type] ?? "";
  }
  return JSON.stringify(given, null, 1);
};

const send = async ({ path, method, inputs, body, result }) => {
  let url = path;
  const query = new URLSearchParams();
  const headers = {};
  if (key.value !== "") headers.Authorization = "Bearer " + key.value;
  for (const { name, place, field } of inputs) {
    if (field.value === "") continue;
    if (place === "path") url = url.replace("{" + name + "}", encodeURIComponent(field.value));
    if (place === "query") query.set(name, field.value);
    if (place === "header") headers[name] = field.value;
  }
  if (body) headers["Content-Type"] = "application/json";
  const target = query.size > 0 ? url + "?" + query : url;
  result.hidden = false;
  try {
    const init = { method: method.toUpperCase(), headers, ...(body ? { body: body.value } : {}) };
    const answer = await fetch(target, init);
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 1); } catch {}
    result.textContent = answer.status + "\\n" + shown;
  } catch (error) {
    result.textContent = String(error);
  }
};

const route = (path, method, declared) => {
  const box = make("details");
  box.dataset.text = (method + " " + path + " " + declared.summary).toLowerCase();
  const title = make("summary", undefined, box);
  make("code", method.toUpperCase() + " " + path, title);
  make("p", declared.summary + ". " + declared.description, box);
  const inputs = (declared.parameters ?? []).map((parameter) => {
    const label = make("label", parameter.name + " ", make("p", undefined, box));
    const field = make("input", undefined, label);
    field.placeholder = parameter.description ?? parameter.schema?.description ?? "";
    return { name: parameter.name, place: parameter.in, field };
  });
  const schema = declared.requestBody?.content["application/json"].schema;
  const body = schema ? make("textarea", sample(schema), box) : undefined;
  if (body) { body.rows = 6; body.spellcheck = false; }
  if (schema) make("pre", JSON.stringify(schema.properties, null, 1), box);
  const isStream = "text/event-stream" in (declared.responses["200"].content ?? {});
  if (isStream) {
    make("p", "Follow it with: curl -N -H \\"Authorization: Bearer $KEY\\" " + location.origin + path, box);
    return box;
  }
  const button = make("button", "Send", make("p", undefined, box));
  const result = make("pre", undefined, box);
  result.hidden = true;
  button.addEventListener("click", () => send({ path, method, inputs, body, result }));
  return box;
};

fetch("/v1/openapi.json").then((answer) => answer.json()).then(({ paths }) => {
  routes.replaceChildren();
  for (const [path, methods] of Object.entries(paths))
    for (const [method, declared] of Object.entries(methods)) routes.append(route(path, method, declared));
});
search.addEventListener("input", () => {
  const wanted = search.value.toLowerCase();
  for (const box of routes.children) box.hidden = !box.dataset.text.includes(wanted);
});
`;
