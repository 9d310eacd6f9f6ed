// The tool of `holdOpen`: tells the stage that it runs, and ends when the test closes the window.
const [name = ""] = process.argv.slice(2);
const { CLAUDEMESH_STAGE: stage } = process.env;
const answer = await fetch(`${stage}/window/${name}`);
console.log(await answer.text());
