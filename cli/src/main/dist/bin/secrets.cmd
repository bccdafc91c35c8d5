@echo off
rem Starts the secrets command. Class-data sharing: see the shell script beside this one.
setlocal
set "LTC_LAUNCHER_HOME=%~dp0.."
if defined JAVA_HOME (set "JAVA_CMD=%JAVA_HOME%\bin\java.exe") else (set "JAVA_CMD=java.exe")
set "LTC_LAUNCHER_CDS=%LOCALAPPDATA%\secrets\@build.id@.jsa"
set "LTC_LAUNCHER_FLAGS=-Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -XX:+DisableAttachMechanism -Xlog:disable -Xlog:all=error:stderr -Djdk.console=java.base"
if exist "%LTC_LAUNCHER_CDS%" set "LTC_LAUNCHER_FLAGS=%LTC_LAUNCHER_FLAGS% -XX:SharedArchiveFile=%LTC_LAUNCHER_CDS%"
"%JAVA_CMD%" %LTC_LAUNCHER_FLAGS% -cp "%LTC_LAUNCHER_HOME%\lib\@main.jar@" de.lifetimecircle.secrets.cli.Main %*
exit /b %ERRORLEVEL%
