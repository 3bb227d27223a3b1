# For scripts that try several lines of Node. Needs `scratch`, a folder for what npm says.

node_of() { # line -> path of its node; empty when it cannot be fetched
  if [ "$(node -p 'process.versions.node.split(".")[0]')" = "$1" ]; then
    command -v node
  else
    npm exec --yes --package="node@$1" -- node -p process.execPath 2>"$scratch/npm"
  fi
}

why_not() { # why node_of found none
  grep -m 1 'npm error' "$scratch/npm"
}
