/** The inventory of a service and the operations that follow from it, for each backend alike. */
@SuppressWarnings("requires-automatic") // jte fixes the name in its manifest, see ADR 38
module de.lifetimecircle.secrets.operations {
  requires transitive de.lifetimecircle.secrets;
  requires gg.jte.runtime;
  requires org.snakeyaml.engine.v2;
  requires static java.compiler; // an annotation of the templates' classes, absent at run time
  requires static transitive org.jspecify;

  exports de.lifetimecircle.secrets.operations.audit;
  exports de.lifetimecircle.secrets.operations.check;
  exports de.lifetimecircle.secrets.operations.documents;
  exports de.lifetimecircle.secrets.operations.emergency;
  exports de.lifetimecircle.secrets.operations.files;
  exports de.lifetimecircle.secrets.operations.generation;
  exports de.lifetimecircle.secrets.operations.handover;
  exports de.lifetimecircle.secrets.operations.history;
  exports de.lifetimecircle.secrets.operations.importing;
  exports de.lifetimecircle.secrets.operations.inventory;
  exports de.lifetimecircle.secrets.operations.moving;
  exports de.lifetimecircle.secrets.operations.policy;
  exports de.lifetimecircle.secrets.operations.renaming;
  exports de.lifetimecircle.secrets.operations.rotation;
  exports de.lifetimecircle.secrets.operations.scan;
  exports de.lifetimecircle.secrets.operations.status;
  exports de.lifetimecircle.secrets.operations.wiring;
}
