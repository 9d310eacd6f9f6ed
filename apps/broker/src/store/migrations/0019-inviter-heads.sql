-- Up to where an inviter had verified the chain, sealed under the invite's code: who asks for the chain with the invite is given it.
ALTER TABLE invite ADD COLUMN head TEXT;
