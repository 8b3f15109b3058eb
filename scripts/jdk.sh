# Sourced: sets JAVA_HOME to a JDK 25 or newer, or says in one sentence what to install and ends.
find_jdk() {
  local home version
  # A service may have no HOME; then the user's own folders are those that the system knows.
  local own=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
  for home in "${MOONGATE_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* \
      "$own"/.sdkman/candidates/java/* "$own"/.jdks/* /usr/local/lib/jvm/*; do
    [ -x "$home/bin/javac" ] && [ -f "$home/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${version:-0}" -ge 25 ]; then
      echo "$home"
      return 0
    fi
  done
  return 1
}
if ! JAVA_HOME=$(find_jdk); then
  echo "error: no JDK 25 was found, on this machine, install one (for example temurin-25-jdk) or set JAVA_HOME to it" >&2
  exit 1
fi
export JAVA_HOME
